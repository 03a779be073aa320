import type { SessionHost } from '../syncApi.ts';
import type { PlanSession } from './planSession.ts';

/** Answers what a page asks of its own session; `params` were checked by the window. */
export function onPage(session: PlanSession, method: keyof SessionHost, params: never): unknown {
  switch (method) {
    case 'rows':
      return session.rows(params);
    case 'setOpen': {
      const { id, open } = params as { readonly id: number; readonly open: boolean };
      return session.setOpen(id, open);
    }
    case 'tick': {
      const { id, on } = params as { readonly id: number; readonly on: boolean };
      return session.edit((tree) => tree.tick(id, on));
    }
    case 'keep': {
      const { id, side } = params as { readonly id: number; readonly side: 'source' | 'sink' };
      return session.edit((tree) => tree.keep(id, side));
    }
    case 'release': {
      const { code, word } = params as { readonly code: string; readonly word: string };
      return session.release(code, word);
    }
    case 'choose':
      return session.choose((params as { readonly box: string }).box);
  }
}
