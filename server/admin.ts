import { parseArgs } from 'node:util';
import { createAccess, type AccountProblem } from './access/access.ts';
import { configFrom } from './config.ts';
import { open } from './db/open.ts';
import { mkdirSync } from 'node:fs';

const USAGE = `Usage: npm run admin -- <command>

  user add --email E --name N --password P   adds an account
  user reset --email E                       prints a one-time link to a new password, good for 30 minutes
  token add --email E                        prints a new bearer token of that account, alone on stdout`;

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
      options: { email: { type: 'string' }, name: { type: 'string' }, password: { type: 'string' } }
    });
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

const { positionals, values } = readArguments();

function required(name: keyof typeof values): string {
  return values[name] ?? refuse(`--${name} is missing.\n\n${USAGE}`);
}

async function run(): Promise<void> {
  const command = positionals.join(' ');
  if (!['user add', 'user reset', 'token add'].includes(command)) return refuse(USAGE);
  const email = required('email');
  const config = configFrom(process.env, new URL('../', import.meta.url));
  if (!config.databaseUrl.startsWith('postgres')) mkdirSync(config.dataDir, { recursive: true });
  const opened = await open(config.databaseUrl, config.migrations);
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
    } else {
      const user = await accounts.findByEmail(email);
      if (user === null) return refuse(`There is no account with the e-mail address ${email}.`);
      if (command === 'token add') console.log(await tokens.add(user.userId));
      else
        console.log(
          `${config.origin ?? `http://localhost:${config.port}`}/reset/${await accounts.offerReset(user.userId)}`
        );
    }
  } finally {
    await opened.close();
  }
}

try {
  await run();
} catch (error) {
  refuse(error instanceof Error ? error.message : String(error));
}
