// When to say that it is nearly the visitor's turn: once for each service of the visit. Pure: no page, no clock.

/** `state`: a ticket's; `limit`: at how many people ahead, 0 for never; `told`: what `step` was last told about. */
export function nearly(state, limit, told) {
  const step = `${state.label} ${state.service.id}`;
  const is = limit > 0 && state.state === "waiting" && state.ahead !== null && state.ahead <= limit;
  return { is, fresh: is && told !== step, step };
}
