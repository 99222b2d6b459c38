@echo off
rem Builds TuneGrid (Release) if its sources changed, then runs it, as the launcher 'tunegrid' does elsewhere.
setlocal
set "DOTNET_CLI_TELEMETRY_OPTOUT=1"
set "tg_root=%~dp0"
set "tg_dll=%tg_root%src\TuneGrid.Cli\bin\Release\net10.0\tunegrid.dll"
where dotnet >nul 2>nul
if errorlevel 1 (
  echo tunegrid: found no 'dotnet': install the .NET 10 SDK, https://dotnet.microsoft.com/download/dotnet/10.0 1>&2
  exit /b 1
)

rem The mutex is for several first uses: one builds, the others wait for it. The list has each source with the time of its last change,
rem so a new, an edited and a deleted one all make another list; it is taken before the build, lest an edit meanwhile is missed.
powershell -NoProfile -ExecutionPolicy Bypass -Command ^
 "$ErrorActionPreference = 'Stop';" ^
 "Set-Location -LiteralPath $env:tg_root;" ^
 "$mutex = New-Object Threading.Mutex $false, 'tunegrid-build';" ^
 "try { [void]$mutex.WaitOne() } catch [Threading.AbandonedMutexException] { };" ^
 "$out = [IO.Path]::Combine($env:tg_root, 'src', 'TuneGrid.Cli', 'bin', 'Release');" ^
 "$sources = @(Get-ChildItem src -Recurse -File | Where-Object { $_.FullName -notmatch '[\\/](bin|obj)[\\/]' });" ^
 "$sources += @(Get-Item Directory.*.props, global.json);" ^
 "$list = ($sources | ForEach-Object { $_.FullName + ' ' + $_.LastWriteTimeUtc.Ticks }) -join [Environment]::NewLine;" ^
 "$stamp = Join-Path $out 'built-from'; $log = Join-Path $out 'build.log';" ^
 "$isBuilt = (Test-Path -LiteralPath $env:tg_dll) -and (Test-Path -LiteralPath $stamp);" ^
 "if ($isBuilt -and [IO.File]::ReadAllText($stamp) -ceq $list) { exit 0 };" ^
 "[Console]::Error.WriteLine('building TuneGrid ...');" ^
 "[void][IO.Directory]::CreateDirectory($out);" ^
 "$build = Start-Process dotnet -NoNewWindow -PassThru -Wait -RedirectStandardOutput $log -ArgumentList" ^
 "  'build', 'src/TuneGrid.Cli', '-c', 'Release', '-v', 'q', '--tl:off', '-nodeReuse:false', '-p:UseSharedCompilation=false';" ^
 "if ($build.ExitCode -eq 0) { [IO.File]::WriteAllText($stamp, $list); exit 0 };" ^
 "[Console]::Error.WriteLine([IO.File]::ReadAllText($log) + 'tunegrid: the build failed, see above');" ^
 "exit 1"
if errorlevel 1 exit /b 1
dotnet "%tg_dll%" %*
exit /b %ERRORLEVEL%
