/** What a job printed: secrets masked, workflow commands understood. */
export interface JobLog {
  /** A line a process printed; may be a workflow command such as `::add-mask::`. */
  readonly printed: (line: string) => void;
  /** A line of the runner's own. */
  readonly note: (line: string) => void;
  readonly mask: (secret: string) => void;
  readonly holdsSecret: (value: string) => boolean;
  readonly text: () => string;
}

const COMMAND = /^\s*::([a-z-]+)( .*?)?::(.*)$/i;

const REMOVED = new Set(["set-output", "save-state", "set-env", "add-path"]);

export function jobLog(): JobLog {
  const secrets = new Set<string>();
  const lines: string[] = [];
  let stopped: string | undefined;

  const masked = (line: string) =>
    [...secrets].sort((a, b) => b.length - a.length).reduce((text, secret) => text.replaceAll(secret, "***"), line);
  const note = (line: string): void => {
    lines.push(masked(line));
  };
  const mask = (secret: string) => {
    for (const line of secret.split(/\r?\n/)) if (line.trim() !== "") secrets.add(line);
  };

  function printed(line: string): void {
    const [, command, , data = ""] = COMMAND.exec(line) ?? [];
    if (stopped !== undefined) {
      if (line.trim() === `::${stopped}::`) stopped = undefined;
      note(line);
    } else if (command === undefined) note(line);
    else if (command === "add-mask") mask(decode(data));
    else if (command === "stop-commands") stopped = data;
    else if (REMOVED.has(command)) note(`##[error]${command} is no longer a command; write to the file instead`);
    else note(`##[${command}]${decode(data)}`);
  }

  return {
    printed,
    note,
    mask,
    holdsSecret: (value) => [...secrets].some((secret) => value.includes(secret)),
    text: () => masked(lines.join("\n")),
  };
}

const decode = (text: string) => text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
