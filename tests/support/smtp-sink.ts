import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A mail as it came over the wire, its lines unfolded and quoted-printable undone. */
export interface SunkMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly headers: string;
  readonly text: string;
}

/** A mail server that keeps what it is given. `refuse` answers every mail with that line instead. */
export class SmtpSink {
  readonly mails: SunkMail[] = [];
  refuse: string | null = null;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async open(): Promise<SmtpSink> {
    const sink = new SmtpSink();
    await new Promise<void>((resolve) => sink.#server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    const say = (line: string) => socket.write(`${line}\r\n`);
    let [from, to, body, buffer]: [string, string[], string[] | null, string] = ['', [], null, ''];
    const take = (line: string): void => {
      if (body !== null) {
        if (line !== '.') return void body.push(line.startsWith('..') ? line.slice(1) : line);
        this.mails.push(read(from, to, body));
        [to, body] = [[], null];
        say('250 taken');
        return;
      }
      const [verb = ''] = line.split(' ');
      switch (verb.toUpperCase()) {
        case 'EHLO':
        case 'HELO':
          return void say('250 sink');
        case 'MAIL':
          from = /<(.*)>/.exec(line)?.[1] ?? '';
          return void say(this.refuse ?? '250 fine');
        case 'RCPT':
          to.push(/<(.*)>/.exec(line)?.[1] ?? '');
          return void say('250 fine');
        case 'DATA':
          body = [];
          return void say('354 go on');
        case 'QUIT':
          say('221 bye');
          return void socket.end();
        default:
          return void say('250 fine');
      }
    };
    say('220 sink');
    socket.on('data', (chunk: Buffer) => {
      buffer += chunk.toString('latin1');
      for (let end = buffer.indexOf('\r\n'); end !== -1; end = buffer.indexOf('\r\n')) {
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        take(line);
      }
    });
  }
}

function read(from: string, to: readonly string[], lines: readonly string[]): SunkMail {
  const gap = lines.indexOf('');
  const headers = lines
    .slice(0, gap)
    .join('\n')
    .replace(/\n[ \t]+/g, ' ');
  const raw = lines.slice(gap + 1).join('\n');
  const encoding = /^content-transfer-encoding:\s*(\S+)/im.exec(headers)?.[1]?.toLowerCase();
  return {
    from,
    to,
    headers,
    subject: /^subject:\s*(.*)$/im.exec(headers)?.[1] ?? '',
    text: (encoding === 'base64'
      ? Buffer.from(raw, 'base64')
      : encoding === 'quoted-printable'
        ? unquoted(raw)
        : Buffer.from(raw, 'latin1')
    ).toString()
  };
}

const unquoted = (text: string): Buffer =>
  Buffer.from(
    text
      .replace(/=\n/g, '')
      .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1'
  );
