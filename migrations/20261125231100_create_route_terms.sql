-- +goose Up
-- What the worker has to look at, and when: ids and days, no content, so that looking asks no rights. It reads the step itself
-- as the griffie of the body that received it.
create table route_terms (
  step_id         uuid primary key references route_steps on delete cascade,
  body_id         uuid not null references bodies,
  organisation_id uuid not null references organisations,
  due_on          date not null,
  reminded_on     date
);
create index on route_terms (due_on);

-- Who wants to hear of a route, and when he last did. Goes with the wish: there is no other use for it.
create table route_followers (
  proposal_id uuid not null references proposals,
  person_id   uuid not null references persons,
  followed_at timestamptz not null,
  told_at     timestamptz,
  primary key (proposal_id, person_id)
);
create index on route_followers (person_id);

grant select, insert, update, delete on route_terms, route_followers to regiogriffie_app;

-- +goose Down
drop table route_followers, route_terms;
