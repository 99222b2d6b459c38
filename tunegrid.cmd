@echo off
rem Builds TuneGrid (Release) when its sources changed, then runs it, as the launcher 'tunegrid' does elsewhere.
setlocal
set "DOTNET_NOLOGO=1"
set "DOTNET_CLI_TELEMETRY_OPTOUT=1"
set "tg_root=%~dp0"
set "tg_out=%tg_root%src\TuneGrid.Cli\bin\Release"
set "tg_dll=%tg_out%\net10.0\tunegrid.dll"
set "tg_log=%tg_out%\build.log"
where dotnet >nul 2>nul || (
  echo tunegrid: needs the .NET 10 SDK and found no 'dotnet': get it from https://dotnet.microsoft.com/download/dotnet/10.0 1>&2
  exit /b 1
)

rem What the environment asks for, such as WithTorch=cuda-windows or WithOrleans=false. MSBuild itself must not read it: what does not restore is left out.
set "tg_orleans=%WithOrleans%"
set "tg_torch=%WithTorch%"
set "WithOrleans="
set "WithTorch="

rem Another wish than at the last build is worth a build; so is a source that is newer than the start of the last build.
set "tg_wish=orleans=%tg_orleans% torch=%tg_torch%"
set "tg_before="
if exist "%tg_out%\built-with" set /p tg_before=<"%tg_out%\built-with"
if not "%tg_before%"=="%tg_wish%" goto build
powershell -NoProfile -Command ^
 "$stamp = Get-Item -LiteralPath (Join-Path $env:tg_out 'built-with');" ^
 "$sources = @(Get-ChildItem -LiteralPath ($env:tg_root + 'src') -Recurse -File | Where-Object { $_.Extension -in '.cs', '.csproj' -and $_.FullName -notmatch '\\(bin|obj)\\' });" ^
 "$sources += @(Get-ChildItem -LiteralPath $env:tg_root -Filter 'Directory.*.props' -File);" ^
 "$newest = $sources | Sort-Object LastWriteTimeUtc | Select-Object -Last 1;" ^
 "if (-not (Test-Path -LiteralPath $env:tg_dll) -or $newest.LastWriteTimeUtc -gt $stamp.LastWriteTimeUtc) { exit 1 }"
if not errorlevel 1 goto run

:build
echo building TuneGrid ... 1>&2
if not exist "%tg_out%" mkdir "%tg_out%"
>"%tg_out%\built-with.new" echo %tg_wish%
set "tg_with="
set "tg_told="
if /i "%TUNEGRID_RUNTIME%"=="store" (set "tg_told=; without the orleans runtime, as TUNEGRID_RUNTIME=store says") else call :try WithOrleans TuneGrid.Orleans "the orleans runtime" "%tg_orleans%"
call :try WithTorch TuneGrid.Training.Torch "the torch backend" "%tg_torch%"
call :compile
if not errorlevel 1 goto built
if not defined tg_with goto broken
echo tunegrid: does not build with%tg_with%: leaving that out 1>&2
set "tg_with="
set "tg_told=; without its optional parts, which do not build here"
call :compile
if not errorlevel 1 goto built
:broken
type "%tg_log%" 1>&2
echo tunegrid: the build failed, see above 1>&2
exit /b 1

:built
rem Moved, it keeps its time.
move /y "%tg_out%\built-with.new" "%tg_out%\built-with" >nul
echo built %tg_told:~2% 1>&2

:run
dotnet "%tg_dll%" %*
exit /b %ERRORLEVEL%

:compile
dotnet build "%tg_root%src\TuneGrid.Cli\TuneGrid.Cli.csproj" -c Release -v q%tg_with% -nodeReuse:false -p:UseSharedCompilation=false --tl:off > "%tg_log%" 2>&1
exit /b %ERRORLEVEL%

rem :try SWITCH PROJECT NAME ASKED: asks the registry whether a part restores, for 10 s at most unless it was asked for by name, and remembers the answer (for a
rem week, if it is no). Exit codes of the question: 0 yes, 1 no, 2 it took too long, 3 no answer, so that the next build asks again.
:try
set "tg_switch=%~1"
set "tg_project=src\%~2\%~2.csproj"
set "tg_asked=%~4"
set "tg_value=%~4"
if not defined tg_value set "tg_value=true"
if /i "%tg_value%"=="false" goto declined
powershell -NoProfile -Command ^
 "$file = Join-Path $env:tg_out ($env:tg_switch + '.answer');" ^
 "$key = $env:tg_value + ' ' + (Get-Item -LiteralPath ($env:tg_root + 'Directory.Packages.props')).LastWriteTimeUtc.Ticks;" ^
 "$codes = @{ 'true' = 0; 'false' = 1; 'late' = 2 };" ^
 "$said = @(Get-Content -LiteralPath $file -ErrorAction SilentlyContinue);" ^
 "if ($said.Count -eq 2 -and $said[1] -eq $key) {" ^
 "  $isFresh = (Get-Item -LiteralPath $file).LastWriteTime -gt (Get-Date).AddDays(-7);" ^
 "  if ($said[0] -eq 'true' -or ($isFresh -and -not ($said[0] -eq 'late' -and $env:tg_asked))) { exit $codes[$said[0]] } };" ^
 "[Console]::Error.WriteLine('looking for the packages of ' + $env:tg_switch + ' ...');" ^
 "$log = Join-Path $env:tg_out ($env:tg_switch + '.log');" ^
 "$restore = Start-Process dotnet -ArgumentList 'restore', $env:tg_project, ('-p:' + $env:tg_switch + '=' + $env:tg_value), '-v', 'q', '--tl:off' -WorkingDirectory $env:tg_root" ^
 "  -NoNewWindow -PassThru -RedirectStandardOutput $log -RedirectStandardError ($log + '.err');" ^
 "$handle = $restore.Handle;" ^
 "$limit = 10000; if ($env:tg_asked) { $limit = -1 };" ^
 "if (-not $restore.WaitForExit($limit)) { $restore.Kill(); $answer = 'late' }" ^
 "elseif ($restore.ExitCode -eq 0) { $answer = 'true' }" ^
 "elseif (Select-String -LiteralPath $log -Pattern 'error NU1[16]' -Quiet) { $answer = 'false' }" ^
 "else { exit 3 };" ^
 "Set-Content -LiteralPath $file -Value $answer, $key;" ^
 "exit $codes[$answer]"
set "tg_answer=%ERRORLEVEL%"
if "%tg_answer%"=="0" goto found
if "%tg_answer%"=="2" goto late
set "tg_told=%tg_told%; without %~3, whose packages do not restore here"
exit /b 0
:found
set "tg_with=%tg_with% -p:%tg_switch%=%tg_value%"
set "tg_told=%tg_told%; with %~3"
exit /b 0
:late
set "tg_told=%tg_told%; without %~3, whose packages take longer than 10 s to fetch (%tg_switch%=true in the environment waits for them)"
exit /b 0
:declined
set "tg_told=%tg_told%; without %~3, as %tg_switch%=false says"
exit /b 0
