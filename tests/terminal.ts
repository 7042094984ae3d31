import { spawnSync } from "node:child_process";

/** Runs argv[2:] on a terminal of argv[1] columns and copies what it shows. Python's standard library has pseudo-terminals, Node's has none. */
const program = `
import fcntl, os, pty, struct, sys, termios
child, screen = pty.fork()
if child == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
while True:
    try:
        piece = os.read(screen, 65536)
    except OSError:
        break
    if not piece:
        break
    sys.stdout.buffer.write(piece)
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
`;

/** Whether there is a Python 3 with pseudo-terminals. */
export const hasTerminal = process.platform !== "win32" && spawnSync("python3", ["-c", "import pty"]).status === 0;

/** What `through` of `gradus()` takes to run a command on a terminal of so many columns. */
export function onTerminal(columns: number): readonly string[] {
  return ["python3", "-c", program, String(columns)];
}
