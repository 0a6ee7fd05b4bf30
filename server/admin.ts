import { parseArgs } from 'node:util';
import { createAccess, type AccountProblem } from './access/access.ts';
import { configFrom, type Config } from './config.ts';
import { listAudit, verifyAudit } from './operations/audit.ts';
import { backUp, copyTo, openPlace, restoreFrom, verifyAll } from './operations/commands.ts';

const USAGE = `Usage: npm run admin -- <command>

  user add --email E --name N --password P   adds an account
  user reset --email E                       prints a one-time link to a new password, good for 30 minutes
  token add --email E                        prints a new bearer token of that account, alone on stdout

  backup FILE               writes everything to one new file; the server may be running
  restore FILE [--replace]  puts a backup into an empty database; with --replace in the place of what is there
  verify                    loads every map and every version, and names those that are damaged (exit code 2)
  verify FILE               reads a backup to its end and compares its checksum
  copy --to T [--replace]   copies everything to another database: a postgres:// address or the path of a SQLite file;
                            an address with a password is better given in COPY_TO than on the command line

  audit verify [--noted N:H]  reads the whole audit and prints its head, or the first row that is not as it was written
                              (exit code 2); a head noted earlier must still be part of it
  audit list [--limit N]      prints the newest rows, one JSON object a line`;

/** Ends with one sentence on stderr and a code that is not zero. */
function refuse(message: string): never {
  console.error(message);
  process.exit(1);
}

const PROBLEMS: Record<AccountProblem, string> = {
  'email-invalid': 'That is not an e-mail address.',
  'email-taken': 'There is an account with that e-mail address already.',
  'name-length': 'A name has 1 to 60 characters.',
  'password-length': 'A password has 15 to 256 characters.',
  'password-guessable': 'That password is among the first that somebody would try.'
};

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        email: { type: 'string' },
        name: { type: 'string' },
        password: { type: 'string' },
        noted: { type: 'string' },
        limit: { type: 'string' },
        to: { type: 'string' },
        replace: { type: 'boolean', default: false }
      }
    });
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

const { positionals, values } = readArguments();

const required = (name: 'email' | 'name' | 'password'): string =>
  values[name] ?? refuse(`--${name} is missing.\n\n${USAGE}`);

/** The commands on accounts. */
async function account(command: string, config: Config): Promise<void> {
  const email = required('email');
  const opened = await openPlace(config);
  try {
    const { accounts, tokens } = createAccess(opened, { secureCookies: false });
    if (command === 'user add') {
      const added = await accounts.createUser({
        email,
        name: required('name'),
        password: required('password')
      });
      if (!added.ok) return refuse(PROBLEMS[added.problem]);
      console.log(`Added ${email}.`);
      return;
    }
    const user = await accounts.findByEmail(email);
    if (user === null) return refuse(`There is no account with the e-mail address ${email}.`);
    if (command === 'token add') return console.log(await tokens.add(user.userId));
    const token = await accounts.offerReset(user.userId);
    console.log(`${config.origin ?? `http://localhost:${config.port}`}/reset/${token}`);
  } finally {
    await opened.close();
  }
}

/** Answers the exit code. */
async function run(): Promise<number> {
  const [command = '', file, ...more] = positionals;
  const config = configFrom(process.env, new URL('../', import.meta.url));
  const output = { say: console.log, tell: console.error };
  const oneFile = () => (more.length === 0 && file) || refuse(`Name one file.\n\n${USAGE}`);
  switch (command) {
    case 'backup':
      await backUp(config, oneFile(), output);
      return 0;
    case 'restore':
      await restoreFrom(config, oneFile(), values.replace, output);
      return 0;
    case 'verify':
      return verifyAll(config, file === undefined ? undefined : oneFile(), output);
    case 'audit':
      if (file === 'verify') return verifyAudit(config, values.noted, output);
      if (file !== 'list') return refuse(USAGE);
      await listAudit(config, values.limit, output);
      return 0;
    case 'copy': {
      const target = values.to ?? process.env.COPY_TO;
      if (!target || file !== undefined) return refuse(`--to is missing.\n\n${USAGE}`);
      await copyTo(config, target, values.replace, output);
      return 0;
    }
    default:
      if (!['user add', 'user reset', 'token add'].includes(positionals.join(' '))) return refuse(USAGE);
      await account(positionals.join(' '), config);
      return 0;
  }
}

try {
  process.exitCode = await run();
} catch (error) {
  refuse(error instanceof Error ? error.message : String(error));
}
