-- +goose Up
-- Where a council treats the draft, and the decision by which it adopted its view, or said that it gives none.
alter table zienswijzen
  add column item_id uuid references agenda_items on delete set null,
  add column decision_id uuid references decisions,
  add column votes_for int check (votes_for >= 0),
  add column votes_against int check (votes_against >= 0),
  add check ((votes_for is null) = (votes_against is null)),
  add check (decision_id is not null or votes_for is null);
-- What is made up mails nobody.
alter table zienswijze_procedures add column made_up boolean not null default false;
create index on zienswijzen (item_id);
create index on zienswijzen (decision_id);
create index route_steps_views on route_steps (proposal_id, body_id) where treatment = 'formal_view';

-- What the worker has to look at: ids and a day, no content, so that looking asks no rights. It reads the view itself as the
-- griffie of its council. The row goes once she was reminded.
create table zienswijze_terms (
  view_id         uuid primary key references zienswijzen on delete cascade,
  procedure_key   text not null,
  body_id         uuid not null references bodies,
  organisation_id uuid not null references organisations,
  due_on          date not null,
  looked_on       date
);
create index on zienswijze_terms (looked_on, due_on);
grant select, insert, update, delete on zienswijze_terms to regiogriffie_app;

-- +goose Down
drop table zienswijze_terms;
drop index route_steps_views;
alter table zienswijze_procedures drop column made_up;
alter table zienswijzen drop column item_id, drop column decision_id, drop column votes_for, drop column votes_against;
