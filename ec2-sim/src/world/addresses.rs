//! Elastic IP addresses in the world. An instance keeps its own through stops and starts, and loses it with its end.

use pushbox_shared::ec2::{AssociateAddress, DescribeAddresses, Error, State, Tag};
use pushbox_shared::hash::sha256_hex;
use pushbox_shared::unix_time::UnixTime;

use super::World;
use crate::action::Answer;
use crate::address::{self, AllocateAddress, Association, Elastic};
use crate::instance::Machine;

impl World {
    /// Whether there is an address with that tag.
    pub fn has_address(&self, key: &str, value: &str) -> bool {
        let is_it = |tag: &Tag| tag.key == key && tag.value == value;
        self.elastic.iter().any(|one| one.tags.iter().any(is_it))
    }

    pub(super) fn allocate_address(&mut self, request: &AllocateAddress) -> Result<Answer, Error> {
        address::check_allocation(request)?;
        let elastic = Elastic::new(self.elastic.len(), request);
        self.elastic.push(elastic.clone());
        Ok(Answer::Allocated(elastic))
    }

    pub(super) fn describe_addresses(
        &self,
        now: UnixTime,
        request: &DescribeAddresses,
    ) -> Result<Answer, Error> {
        address::check_filters(&request.filters)?;
        let all = self.elastic.iter().filter(|one| one.passes(&request.filters));
        Ok(Answer::Addresses(all.map(|one| self.shown(one, now)).collect()))
    }

    pub(super) fn associate_address(
        &mut self,
        now: UnixTime,
        request: &AssociateAddress,
    ) -> Result<Answer, Error> {
        let id = &request.allocation_id;
        address::check_allocation_id(id)?;
        let number = self.elastic.iter().position(|one| one.allocation_id == *id).ok_or_else(|| {
            Error::new("InvalidAllocationID.NotFound", format!("The allocation ID '{id}' does not exist"))
        })?;
        let place = self.place(now, &request.instance_id)?;
        let state = self.machines[place].state(now);
        if !matches!(state, State::Running | State::Stopped) {
            let message = format!(
                "The {} instance '{}' is not in a valid state for this operation.",
                state.name(),
                request.instance_id
            );
            return Err(Error::new("InvalidInstanceID", message));
        }
        let held = self.shown(&self.elastic[number], now).association;
        match held {
            Some(held) if held.instance_id == request.instance_id => return Ok(Answer::Associated(held.id)),
            Some(_) if !request.allow_reassociation => {
                let message = format!("resource {id} is already associated with associate-id");
                return Err(Error::new("Resource.AlreadyAssociated", message));
            }
            _ => {}
        }
        let name = sha256_hex(format!("{id} {} {}", request.instance_id, now.since_epoch().as_nanos()));
        let association = format!("eipassoc-0{}", &name[..16]);
        self.give(number, place, association.clone());
        Ok(Answer::Associated(association))
    }

    /// An instance has one address: another one that it had is free again.
    fn give(&mut self, number: usize, place: usize, association: String) {
        let public_ip = self.elastic[number].public_ip.clone();
        for machine in &mut self.machines {
            machine.elastic.take_if(|held| *held == public_ip);
        }
        let instance_id = self.machines[place].id.clone();
        for one in &mut self.elastic {
            one.association.take_if(|held| held.instance_id == instance_id);
        }
        self.machines[place].elastic = Some(public_ip);
        self.elastic[number].association = Some(Association { id: association, instance_id });
    }

    /// As calls see it: an instance that ended holds nothing.
    fn shown(&self, elastic: &Elastic, now: UnixTime) -> Elastic {
        let lives = |held: &Association| {
            let live = |machine: &Machine| machine.id == held.instance_id && machine.state(now).is_live();
            self.machines.iter().any(live)
        };
        Elastic { association: elastic.association.clone().filter(lives), ..elastic.clone() }
    }
}

#[cfg(test)]
mod tests {
    use pushbox_shared::ec2::{Address, Call, Filter, Reply, TagSpecification};

    use super::super::tests::{at, run, world};
    use super::*;
    use crate::action::Action;
    use crate::launch::tests::request;

    const RUNNING: u64 = 20;

    fn allocated(world: &mut World, app: &str) -> String {
        let tags = vec![Tag::new("pushbox:app", app)];
        let tag_specifications = vec![TagSpecification { resource_type: "elastic-ip".to_string(), tags }];
        match world.act(at(0), &Action::AllocateAddress(AllocateAddress { tag_specifications })) {
            Ok(Answer::Allocated(elastic)) => elastic.allocation_id,
            other => panic!("{other:?}"),
        }
    }

    fn of_app(world: &mut World, seconds: u64, app: &str) -> Vec<Address> {
        let filters = vec![Filter { name: "tag:pushbox:app".to_string(), values: vec![app.to_string()] }];
        match world.call(at(seconds), &Call::DescribeAddresses(DescribeAddresses { filters })) {
            Ok(Reply::Addresses(all)) => all,
            other => panic!("{other:?}"),
        }
    }

    fn give(world: &mut World, seconds: u64, allocation_id: &str, instance_id: &str) -> Result<(), String> {
        let call = Call::AssociateAddress(AssociateAddress {
            allocation_id: allocation_id.to_string(),
            instance_id: instance_id.to_string(),
            allow_reassociation: false,
        });
        world.call(at(seconds), &call).map(drop).map_err(|error| error.code)
    }

    fn address_of(world: &World, seconds: u64, id: &str) -> Option<String> {
        let all = world.instances(at(seconds));
        all.into_iter().find(|seen| seen.instance.id == id).and_then(|seen| seen.instance.public_ip)
    }

    #[test]
    fn it_stays_through_stops_and_goes_with_the_end() {
        let mut world = world();
        let allocation = allocated(&mut world, "my_app");
        let id = run(&mut world, at(0), &request()).expect("launched");
        assert_eq!(give(&mut world, 1, &allocation, &id), Err("InvalidInstanceID".into()), "it is pending");
        assert_eq!(give(&mut world, RUNNING, &allocation, &id), Ok(()));
        assert_eq!(give(&mut world, RUNNING, &allocation, &id), Ok(()), "it has it");
        let elastic = Some("198.51.100.1".to_string());
        assert_eq!(address_of(&world, RUNNING, &id), elastic);
        world.stop(at(RUNNING), &id).expect("it runs");
        assert_eq!(address_of(&world, RUNNING + 100, &id), elastic);
        assert_eq!(of_app(&mut world, RUNNING + 100, "my_app")[0].instance_id.as_ref(), Some(&id));
        world.terminate(at(RUNNING + 100), &id).expect("it is there");
        assert_eq!(of_app(&mut world, RUNNING + 200, "my_app")[0].instance_id, None);
        assert_eq!(of_app(&mut world, RUNNING, "other"), []);
    }

    #[test]
    fn it_is_taken_only_where_that_is_asked_for() {
        let mut world = world();
        let allocation = allocated(&mut world, "my_app");
        let first = run(&mut world, at(0), &request()).expect("launched");
        let another = pushbox_shared::ec2::RunInstances { client_token: "another".to_string(), ..request() };
        let second = run(&mut world, at(0), &another).expect("launched");
        assert_eq!(give(&mut world, RUNNING, &allocation, &first), Ok(()));
        assert_eq!(give(&mut world, RUNNING, &allocation, &second), Err("Resource.AlreadyAssociated".into()));
        let call = AssociateAddress {
            allocation_id: allocation,
            instance_id: second.clone(),
            allow_reassociation: true,
        };
        assert!(world.call(at(RUNNING), &Call::AssociateAddress(call)).is_ok());
        assert_eq!(address_of(&world, RUNNING, &second).as_deref(), Some("198.51.100.1"));
        assert!(address_of(&world, RUNNING, &first).is_some_and(|own| own.starts_with("203.0.113.")));
        assert_eq!(
            give(&mut world, RUNNING, "eipalloc-1", &second),
            Err("InvalidAllocationID.Malformed".into())
        );
        let unknown = "eipalloc-00000000000000000";
        assert_eq!(give(&mut world, RUNNING, unknown, &second), Err("InvalidAllocationID.NotFound".into()));
    }
}
