import type { Principal } from '../server/access/principal.ts';
import type { App as Meander } from '../server/app.ts';

declare global {
  namespace App {
    interface Locals {
      app: Meander;
      principal: Principal | null;
    }
    interface Error {
      message: string;
      code?: string;
    }
  }
}

export {};
