// Which announcement is spoken next: each once, and none that was withdrawn or is for another zone. Pure: no page, no clock.

export class NoticeQueue {
  constructor() {
    this.seen = null; // null until the first snapshot, which was spoken when it was new
    this.waiting = [];
  }

  /** Hears a snapshot of announcements, the oldest first; `zone` is this board's, "" for all. */
  hear(notices, zone) {
    const told = notices.filter((notice) => !notice.zone || !zone || notice.zone === zone);
    const running = told.map((notice) => notice.id);
    const fresh = told.filter((notice) => this.seen && !this.seen.has(notice.id));
    this.seen = new Set([...(this.seen ?? []), ...running]);
    this.waiting = [...this.waiting.filter((notice) => running.includes(notice.id)), ...fresh];
  }

  /** Takes the one whose turn it is, or null. */
  next(now) {
    this.waiting = this.waiting.filter((notice) => notice.until_ms > now);
    return this.waiting.shift() ?? null;
  }
}
