//! The plan table is a function: asked twice, it says the same.

use proptest::prelude::*;

use super::deadline::{Luck, luck, setup_with_refs, setups};
use super::*;
use crate::handler::decide::Next;

proptest! {
    #[test]
    fn decide_says_the_same_twice(
        more in setups(),
        state in prop::option::of(prop::sample::select(&State::ALL)),
        is_push in any::<bool>(),
        lucks in prop::collection::vec(luck(), 1..40),
    ) {
        let setup = setup_with_refs(more);
        let goal = if is_push { push() } else { Goal::reconcile(NOW) };
        let (mut seen, mut clock) = (Seen::default(), NOW);
        for luck in lucks {
            let (before, next) = (seen.clone(), decide(&setup, &goal, &seen, clock));
            prop_assert_eq!(&next, &decide(&setup, &goal, &seen, clock));
            prop_assert_eq!(&before, &seen);
            let call = match next {
                Next::Call(call) => call,
                Next::TakeBack(call, error) => {
                    seen.given_up = Some(error);
                    call
                }
                Next::Wait(time) => {
                    clock += time;
                    seen.waited();
                    continue;
                }
                Next::End(_) => break,
            };
            let found = |state| instance("i-1", state, "t4g.small", &[]);
            let reply = match (luck, &call) {
                (Luck::Lost, _) => error(Error::UNREACHABLE),
                (Luck::Refused(_, code), _) => error(code),
                (Luck::Good(_), Call::DescribeInstances(_)) => boxes(&state.map(found).into_iter().collect::<Vec<_>>()),
                (Luck::Good(_), call) => Ok(success(call)),
            };
            clock += Duration::from_millis(20);
            seen.absorb(&call, reply, clock);
        }
    }
}
