/** `retort help`: the help of a verb. */
import { Command } from 'commander';

/** The command. @param program whose verbs have help */
export function helpCommand(program: Command): Command {
  return new Command('help')
    .description('Help for a command.')
    .argument('[command]', 'one of the commands')
    .addHelpText('after', '\nExample:\n  $ retort help distill')
    .action((name?: string) => runHelp(name, program));
}

async function runHelp(name: string | undefined, program: Command): Promise<void> {
  if (name === undefined) program.help();
  program.commands.find((command) => command.name() === name)?.help();
  // What the parser says of a command that there is not.
  await program.parseAsync([name], { from: 'user' });
}
