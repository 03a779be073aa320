import '../../webview/theme.css';
import '../../webview/controls.css';
import './jobsPage.css';
import { html, nothing, render } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import { printable } from '../../base/printable.ts';
import { Announcer } from '../../webview/announcer.ts';
import { icon } from '../../webview/icon.ts';
import { closeIcon, errorIcon } from '../../webview/icons.ts';
import { connectHost } from '../../webview/messageClient.ts';
import { RovingRows } from '../../webview/rovingRows.ts';
import { OpenJobs } from './jobDetails.ts';
import { jobDetailsView } from './jobDetailsView.ts';
import type { JobDetailsEvents } from './jobDetailsView.ts';
import { jobRowView } from './jobRowView.ts';
import type { JobRowEvents } from './jobRowView.ts';
import { announcement, inOrder, isExpandable } from './jobWords.ts';
import { parseJobsState } from './jobsState.ts';
import type { JobAction, JobSummary, JobsHost, JobsPage as JobsPageApi } from './protocol.ts';

class JobsPage {
  private readonly root = document.createElement('main');
  private readonly announcer: Announcer;
  private readonly roving: RovingRows;
  private readonly host = connectHost<JobsHost, JobsPageApi>({
    show: (jobs) => this.show(jobs as readonly JobSummary[]),
    problem: (message) => this.setProblem(String(message)),
  });
  private readonly details = new OpenJobs(
    {
      failures: (id, offset, count) => this.host.request('failures', { id, offset, count }),
      notes: (id) => this.host.request('notes', { id }),
    },
    () => this.draw(),
  );
  /** Undefined before the host's first word. */
  private jobs: readonly JobSummary[] | undefined;
  private readonly open = new Set<string>(parseJobsState(this.host.state.load()).open);
  /** `ID SEQ` of the failures that are open. */
  private readonly openFailures = new Set<string>();
  /** What was asked for and not answered yet, by job. */
  private readonly pending = new Map<string, JobAction>();
  private problem: string | undefined;

  private readonly events: JobRowEvents & JobDetailsEvents = {
    toggle: (id) => this.toggle(id),
    act: (id, action) => void this.act(id, action),
    toggleFailure: (id, seq) => this.toggleFailure(`${id} ${seq}`),
    more: (id) => this.details.more(id),
    retry: (id) => this.details.retry(id),
    copy: (words) => void this.copy(words),
  };

  constructor() {
    const status = document.createElement('div');
    status.className = 'spoken';
    status.role = 'status';
    document.body.append(this.root, status);
    this.announcer = new Announcer(status);
    this.roving = new RovingRows(this.root);
    this.host.ready();
  }

  private show(jobs: readonly JobSummary[]): void {
    const words = announcement(this.jobs ?? [], jobs);
    if (words !== undefined) {
      this.announcer.say(words);
    }
    this.jobs = inOrder(jobs);
    this.updateDetails();
    this.draw();
  }

  private toggle(id: string): void {
    if (!this.open.delete(id)) {
      this.open.add(id);
    }
    this.host.state.save({ open: [...this.open] });
    this.updateDetails();
    this.draw();
  }

  private toggleFailure(key: string): void {
    if (!this.openFailures.delete(key)) {
      this.openFailures.add(key);
    }
    this.draw();
  }

  private updateDetails(): void {
    this.details.update((this.jobs ?? []).filter((job) => this.isOpen(job)));
  }

  private isOpen(job: JobSummary): boolean {
    return this.open.has(job.id) && isExpandable(job);
  }

  private async act(id: string, action: JobAction): Promise<void> {
    if (this.pending.has(id)) {
      return;
    }
    this.pending.set(id, action);
    await this.attempt(() => this.host.request('act', { id, action }));
    this.pending.delete(id);
    this.draw();
  }

  private async copy(words: string): Promise<void> {
    await this.attempt(async () => {
      await navigator.clipboard.writeText(words);
      this.announcer.say('Command copied');
    });
  }

  private async attempt(work: () => Promise<unknown>): Promise<void> {
    this.setProblem(undefined);
    try {
      await work();
    } catch (error) {
      this.setProblem(error instanceof Error ? error.message : String(error));
    }
  }

  private setProblem(problem: string | undefined): void {
    this.problem = problem;
    this.draw();
  }

  private draw(): void {
    render(this.view(), this.root);
    this.roving.update();
  }

  private view(): TemplateResult {
    const { jobs } = this;
    if (jobs === undefined) {
      return html``;
    }
    return html`${this.problemNote()}
    ${jobs.length === 0
      ? this.welcome()
      : html`<div class="jobs" role="treegrid" aria-label="Jobs">
          ${repeat(
            jobs,
            ({ id }) => id,
            (job) => this.job(job),
          )}
        </div>`}`;
  }

  private job(job: JobSummary): TemplateResult {
    const open = this.isOpen(job);
    return html`${jobRowView(job, open, this.pending.get(job.id), this.events, Date.now())}
    ${open ? jobDetailsView(job, this.details.of(job.id), (seq) => this.openFailures.has(`${job.id} ${seq}`), this.events) : nothing}`;
  }

  private welcome(): TemplateResult {
    const start = () => void this.attempt(() => this.host.request('convert'));
    return html`<div class="welcome">
      <p>No jobs. Conversions show here while they run, and the latest of them afterwards.</p>
      <button class="link" @click=${start}>Convert files…</button>
    </div>`;
  }

  private problemNote(): TemplateResult | typeof nothing {
    if (this.problem === undefined) {
      return nothing;
    }
    return html`<div class="note bad" role="alert">
      ${icon(errorIcon, 'error')}<span class="words">${printable(this.problem)}</span>
      <button class="icon-button" title="Dismiss" aria-label="Dismiss" @click=${() => this.setProblem(undefined)}>${icon(closeIcon)}</button>
    </div>`;
  }
}

new JobsPage();
