// What every kernel starts from: its arguments, its scratch memory, and the next piece of work. All lie at fixed addresses of
// the shared memory, see src/wasm/memory-map.ts.

/** Thread of this instance, 0 for the caller's. */
let thread: i32 = 0;

export function setThread(index: i32): void {
  thread = index;
}

export function threadIndex(): i32 {
  return thread;
}

/** Pieces are numbered from 0; each is taken by one thread. */
export function takePiece(): i32 {
  return atomic.add<i32>(1280, 1);
}

/** Argument `slot` as a whole number or an address. */
export function whole(slot: i32): i32 {
  return load<i32>(2048 + (slot << 2));
}

export function address(slot: i32): usize {
  return <usize>load<u32>(2048 + (slot << 2));
}

export function real(slot: i32): f32 {
  return load<f32>(2304 + (slot << 2));
}

/** This thread's own memory for the length of the call. */
export function scratch(): usize {
  return <usize>load<u32>(2432) + <usize>thread * <usize>load<u32>(2436);
}
