import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Plugin, ViteDevServer } from 'vite';
// Types only: a value imported here would end up inside Vite's bundled config.
import type * as AppModule from './app.ts';

/** Hosts the Meander server inside `vite dev`: one process, one database handle, reloaded when its code changes. */
export const meander = (): Plugin => ({
  name: 'meander',
  apply: 'serve',
  configureServer(vite) {
    // Vitest starts Vite plugins too; it must not open the real data folder.
    if (!process.env.VITEST) return attach(vite);
  }
});

async function attach(vite: ViteDevServer): Promise<void> {
  let loaded: typeof AppModule | undefined;
  let app: AppModule.App | undefined;
  let busy: Promise<void> = Promise.resolve();

  const load = async () => {
    const module = (await vite.ssrLoadModule('/server/app.ts')) as typeof AppModule;
    if (module === loaded) return;
    await app?.close();
    app = await module.createApp(
      module.configFrom(
        { ...process.env, DATA_DIR: process.env.DATA_DIR ?? 'data' },
        new URL('../', import.meta.url)
      )
    );
    loaded = module;
    Object.assign(globalThis, { [Symbol.for('meander.app')]: app });
  };
  const refresh = () =>
    (busy = busy.then(load).catch((error: unknown) => {
      const problem = error instanceof Error ? error : new Error(String(error));
      vite.ssrFixStacktrace(problem);
      vite.config.logger.error(problem.stack ?? problem.message);
    }));

  await refresh();
  vite.watcher.on('change', () => void setTimeout(() => void refresh(), 50));
  vite.middlewares.use((_request, _response, next) => void busy.then(() => next()));
  vite.httpServer?.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (app?.matches(request.url)) void app.upgrade(request, socket, head);
  });
  vite.httpServer?.once('close', () => void app?.close());
}

/** Fails Kit's build when a page or endpoint imports a server value instead of using `event.locals.app`. */
export const wall = (): Plugin => ({
  name: 'meander:wall',
  apply: 'build',
  load(id) {
    if (id.startsWith(`${process.cwd()}/server/`))
      this.error(`${id} imported as a value; use event.locals.app`);
  }
});
