/** A process that wakes each second and does nothing: no window that shows something new each second can cost less. */
setInterval(() => undefined, 1000);
