@echo off
rem Builds TuneGrid (Release) when its sources changed, then runs it. MSBuild itself sees what is up to date.
setlocal
set "DOTNET_NOLOGO=1"
set "root=%~dp0"
set "dll=%root%src\TuneGrid.Cli\bin\Release\net10.0\tunegrid.dll"
set "log=%TEMP%\tunegrid-build.log"
where dotnet >nul 2>nul || (
  echo tunegrid: needs the .NET 10 SDK and found no 'dotnet': get it from https://dotnet.microsoft.com/download/dotnet/10.0 1>&2
  exit /b 1
)
powershell -NoProfile -Command "$d = Get-Item '%dll%' -ErrorAction SilentlyContinue; $n = Get-ChildItem '%root%src' -Recurse -File -Include *.cs,*.csproj | Where-Object { $_.FullName -notmatch '\\(bin|obj)\\' } | Sort-Object LastWriteTime | Select-Object -Last 1; if (-not $d -or $n.LastWriteTime -gt $d.LastWriteTime) { exit 1 }"
if not errorlevel 1 goto run
echo building TuneGrid ... 1>&2
rem The Orleans runtime and the torch backend are built in where their packages restore.
set "with="
set "torch=%WithTorch%"
if not defined torch set "torch=true"
set "WithTorch="
if /i not "%TUNEGRID_RUNTIME%"=="store" dotnet restore "%root%src\TuneGrid.Orleans\TuneGrid.Orleans.csproj" -p:WithOrleans=true -v q >nul 2>nul && set "with=-p:WithOrleans=true"
if /i not "%torch%"=="false" dotnet restore "%root%src\TuneGrid.Training.Torch\TuneGrid.Training.Torch.csproj" -p:WithTorch=%torch% -v q >nul 2>nul && set "with=%with% -p:WithTorch=%torch%"
dotnet build "%root%src\TuneGrid.Cli\TuneGrid.Cli.csproj" -c Release -v q %with% > "%log%" 2>&1 || (
  type "%log%" 1>&2
  echo tunegrid: the build failed, see above 1>&2
  exit /b 1
)
if defined with (echo built with %with% 1>&2) else echo built without the orleans runtime and the torch backend 1>&2
:run
dotnet "%dll%" %*
exit /b %ERRORLEVEL%
