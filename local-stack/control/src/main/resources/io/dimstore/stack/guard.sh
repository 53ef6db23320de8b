# Runs one server and outlives whoever started it, so that no server and no folder is left behind.
#
#   guard.sh FOLDER LOG COMMAND...     standard input: a pipe that the starter holds open
#
# Says "pid N" and, once the server has ended, "exit CODE". The end of the pipe means that the starter is
# gone or done: the server is killed and the folder removed, and the folder around it
# with the last of its servers.
# The line "leave" instead ends the guard alone, after the server.
folder=$1
log=$2
shift 2
server=
over=
leave=
# Ctrl-C reaches the whole process group: it is the starter's to act on. A server inherits the ignored signals.
trap '' INT HUP PIPE
trap 'over=yes; if [ -n "$server" ]; then kill -9 "$server"; fi' TERM
trap 'leave=yes' USR1

# A shell gives a background command /dev/null as its input, unless it is redirected.
exec 3<&0 4>&1 >>"$log" 2>&1
"$@" </dev/null 3<&- 4>&- &
server=$!
echo "pid $server" >&4
(
  while read -r word; do
    if [ "$word" = leave ]; then
      kill -USR1 $$
      exit
    fi
  done
  kill -TERM $$
) <&3 3<&- 4>&- &
watcher=$!

# A wait returns early when a trap ran.
while
  wait "$server"
  code=$?
  kill -0 "$server" 2>/dev/null
do :; done
server=
echo "exit $code" >&4

while [ -z "$over$leave" ] && kill -0 "$watcher" 2>/dev/null; do
  wait "$watcher"
done
if [ -z "$leave" ]; then
  rm -rf "$folder"
  around=$(dirname "$folder")
  case $(ls -A "$around" 2>/dev/null) in
    '' | lock) rm -rf "$around" ;;
  esac
fi
exit 0
