# Runs one server and outlives the process that started it, so that no server and no folder is left behind.
#
#   guard.sh FOLDER LOG COMMAND...     standard input: a pipe that the starter holds open
#
# Prints "pid N" and, once the server has ended, "exit CODE". When the pipe ends, the starter has ended or
# no longer needs the server. The guard then kills the server and removes its folder. The guard of the last
# server also removes the parent folder.
# The line "leave" ends the guard of a server that has ended and keeps the folder.
folder=$1
log=$2
shift 2
server=
over=
leave=
# Ctrl-C reaches the whole process group. Only the starter handles it. A server inherits the ignored signals.
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

# "wait" returns early when a trap has run.
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
  # A process that the server has started may still write a file while it ends.
  for pause in 0 1 1 1; do
    sleep $pause
    if rm -rf "$folder"; then break; fi
  done
  around=$(dirname "$folder")
  case $(ls -A "$around" 2>/dev/null) in
    '' | lock) rm -rf "$around" ;;
  esac
fi
exit 0
