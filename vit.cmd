@echo off
rem The command line of vit4j. Builds itself when the sources are newer than the last build.
rem Needs JDK 17 and Maven 3.8, or newer. VIT_JAVA_OPTS goes to Java, as in set VIT_JAVA_OPTS=-Xmx8g
setlocal DisableDelayedExpansion
set "VIT_HOME=%~dp0"
if "%VIT_HOME:~-1%"=="\" set "VIT_HOME=%VIT_HOME:~0,-1%"
set "VIT_STATE=%VIT_HOME%\vit-examples\target\launcher"
set "VIT_PROFILE=-Dvit.without.spark"
set "VIT_SPARK="
set "VIT_SIZE=200"

rem Spark is 230 MB, which only those download who ask for it
set VIT_ARGUMENTS=%*
if not defined VIT_ARGUMENTS goto chosen
setlocal EnableDelayedExpansion
if not "!VIT_ARGUMENTS:--spark=!"=="!VIT_ARGUMENTS!" (endlocal & set "VIT_SPARK=1") else endlocal
if not defined VIT_SPARK goto chosen
set "VIT_STATE=%VIT_STATE%-spark"
set "VIT_PROFILE=-Dvit.with.spark"
set "VIT_SPARK=@%VIT_HOME%\vit-examples\spark.options"
set "VIT_SIZE=430"
:chosen

set "VIT_JAVA=java"
if defined JAVA_HOME set "VIT_JAVA=%JAVA_HOME%\bin\java"

if not exist "%VIT_STATE%\classpath" goto build
if not exist "%VIT_STATE%\stamp" goto build
rem a build without Spark may have come after the one with it
if defined VIT_SPARK if not exist "%VIT_HOME%\vit-examples\target\classes\io\github\vit4j\examples\sweep\SparkRuns.class" goto build
rem paths go through the environment, so that no quoting can break
powershell -NoProfile -Command "$s = (Get-Item -LiteralPath (Join-Path $env:VIT_STATE 'stamp')).LastWriteTimeUtc; $p = @(Get-Item -LiteralPath (Join-Path $env:VIT_HOME 'pom.xml')) + @(Get-ChildItem -LiteralPath $env:VIT_HOME -Directory -Filter 'vit-*' | ForEach-Object { Get-Item -LiteralPath (Join-Path $_.FullName 'pom.xml'); Get-ChildItem -LiteralPath (Join-Path $_.FullName 'src\main') -Recurse }); if (@($p | Where-Object { $_.LastWriteTimeUtc -gt $s }).Count -gt 0) { exit 1 }"
if errorlevel 1 goto build
goto run

:build
where mvn >nul 2>nul
if errorlevel 1 (
  echo vit: there is no Maven to build with; install Maven 3.8 or newer and put mvn on the PATH 1>&2
  exit /b 69
)
echo building vit on first use; Maven may have to download about %VIT_SIZE% MB ... 1>&2
if not exist "%VIT_STATE%" mkdir "%VIT_STATE%"
rem its time is the start: what changes from here on is built next time
type nul >"%VIT_STATE%\stamp.new"
pushd "%VIT_HOME%"
call mvn -q -B -pl vit-examples -am compile dependency:build-classpath %VIT_PROFILE% -Dspotless.check.skip -DincludeScope=runtime "-Dmdep.outputFile=%VIT_STATE%\classpath.new" 1>&2
set "VIT_BUILT=%ERRORLEVEL%"
popd
if not "%VIT_BUILT%"=="0" (
  echo vit: the build failed; it needs JDK 17, Maven 3.8, and on first use the internet 1>&2
  exit /b 69
)
move /y "%VIT_STATE%\classpath.new" "%VIT_STATE%\classpath" >nul
move /y "%VIT_STATE%\stamp.new" "%VIT_STATE%\stamp" >nul

:run
if defined VIT_SPARK goto spark
for /f "usebackq delims=" %%c in ("%VIT_STATE%\classpath") do set "CLASSPATH=%VIT_HOME%\vit-examples\target\classes;%%c"
"%VIT_JAVA%" %VIT_JAVA_OPTS% io.github.vit4j.examples.cli.Vit %*
exit /b %ERRORLEVEL%

:spark
rem with Spark the class path is longer than a variable of cmd can be, so Java reads it from a file
powershell -NoProfile -Command "$q = [string][char]34; $c = (Get-Content -Raw -LiteralPath (Join-Path $env:VIT_STATE 'classpath')).Trim(); $c = (Join-Path $env:VIT_HOME 'vit-examples\target\classes') + ';' + $c; [IO.File]::WriteAllText((Join-Path $env:VIT_STATE 'java.options'), '-cp ' + $q + $c.Replace('\', '\\') + $q, [Text.Encoding]::Default)"
if errorlevel 1 (
  echo vit: the class path in %VIT_STATE% cannot be read; delete that folder and start again 1>&2
  exit /b 69
)
"%VIT_JAVA%" "%VIT_SPARK%" "@%VIT_STATE%\java.options" %VIT_JAVA_OPTS% io.github.vit4j.examples.cli.Vit %*
exit /b %ERRORLEVEL%
