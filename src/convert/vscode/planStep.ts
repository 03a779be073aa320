import * as vscode from 'vscode';
import { printable } from '../../base/printable.ts';
import { shellLine } from '../../base/shellWords.ts';
import type { ConvertRequest, JobStatus } from '../job.ts';
import type { Jobs } from '../jobs.ts';
import { filesToDo, leftOutLine, planLine, planningLine, startLabel } from '../view/planLine.ts';
import { Pick, plainLabel } from './pick.ts';

type Act = 'start' | 'full' | 'options' | 'copy' | 'cancel';

interface PlanItem extends vscode.QuickPickItem {
  readonly act: Act;
}

export type PlanAnswer =
  | { readonly type: 'start'; readonly id: string }
  | { readonly type: 'full'; readonly id: string }
  /** In both, the plan is gone: nothing of it is kept. */
  | { readonly type: 'options' }
  | { readonly type: 'closed' };

/**
 * The last step: plans, which can be turned away from at any time, and asks in one line whether to start. A plan that is neither
 * started nor looked at in full is removed.
 */
export async function confirmPlan(jobs: Jobs, request: ConvertRequest, title: string): Promise<PlanAnswer> {
  const pick = new Pick<PlanItem>({
    title: `${printable(title)} · plan`,
    placeholder: `Planning · ${UNDER_WAY}`,
    step: { current: 3, total: 3 },
    canGoBack: true,
  });
  pick.ui.busy = true;
  // Planning a large folder takes a while, and a look elsewhere is no answer.
  pick.ui.ignoreFocusOut = true;
  try {
    const planning = planned(jobs, request, (status) => {
      if (status.state === 'planning') {
        pick.ui.placeholder = `${planningLine(status)} · ${UNDER_WAY}`;
      }
    });
    const turned = pick.next();
    const first = await Promise.race([planning.done, turned]);
    if (!('state' in first)) {
      await planning.abandon();
      return { type: first.type === 'back' ? 'options' : 'closed' };
    }
    pick.ui.busy = false;
    pick.ui.ignoreFocusOut = false;
    pick.ui.placeholder = headline(first);
    pick.ui.items = itemsOf(first);
    const event = await turned;
    const act = event.type === 'accept' ? event.item.act : event.type === 'back' ? 'options' : 'cancel';
    return await answer(act, first, jobs);
  } finally {
    pick.dispose();
  }
}

const UNDER_WAY = 'nothing is written yet, Esc stops it';

interface Planning {
  readonly done: Promise<JobStatus>;
  /** Ends the planning and removes what it made. */
  abandon(): Promise<void>;
}

/** A plan under way whose job can be ended although its id is not known yet. */
function planned(jobs: Jobs, request: ConvertRequest, onStatus: (status: JobStatus) => void): Planning {
  let known: (id: string) => void;
  const id = new Promise<string>((resolve) => (known = resolve));
  const done = jobs.plan(request, {
    onStatus(status) {
      known(status.id);
      onStatus(status);
    },
  });
  void done.then(
    (status) => known(status.id),
    () => undefined,
  );
  return {
    done,
    async abandon() {
      const first = await Promise.race([id, done.then((status) => status.id)]);
      await jobs.cancel(first);
      await done;
      await jobs.store.remove(first);
    },
  };
}

function headline(status: JobStatus): string {
  if (status.problem !== undefined) {
    return printable(status.problem);
  }
  return planLine(status);
}

function itemsOf(status: JobStatus): PlanItem[] {
  const canStart = status.state === 'planned' && filesToDo(status.counts) > 0;
  const isPlan = status.state === 'planned';
  const command = status.firstCommand;
  return [
    ...(canStart ? [{ label: `$(play) ${startLabel(status)}`, description: plainLabel(planLine(status)), act: 'start' } as const] : []),
    ...(isPlan ? [{ label: '$(checklist) Show the plan in full', description: leftOutLine(status) ?? '', act: 'full' } as const] : []),
    { label: '$(settings) Change options', act: 'options' },
    ...(command === undefined
      ? []
      : [{ label: '$(terminal) Copy the command for the first file', detail: plainLabel(shellLine(command)), act: 'copy' } as const]),
    { label: '$(close) Cancel', description: 'nothing was written', act: 'cancel' },
  ];
}

async function answer(act: Act, status: JobStatus, jobs: Jobs): Promise<PlanAnswer> {
  if (act === 'start' || act === 'full') {
    return { type: act, id: status.id };
  }
  if (act === 'copy') {
    await vscode.env.clipboard.writeText(shellLine(status.firstCommand ?? []));
  }
  await jobs.store.remove(status.id);
  return { type: act === 'options' ? 'options' : 'closed' };
}
