/** Kept in a page from its start: how long the script of each frame of animation takes, ms. */

const times = []
const ask = window.requestAnimationFrame.bind(window)
window.frameTimes = times
window.requestAnimationFrame = (work) =>
  ask((now) => {
    const before = performance.now()
    work(now)
    // What the frame's work left to be done, such as rendering, stands in the queue before this.
    queueMicrotask(() => times.push(performance.now() - before))
  })
