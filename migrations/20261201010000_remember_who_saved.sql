-- +goose Up
-- Who saved a thing that several people edit, so that whoever saves after it reads whose text stands beside theirs.
alter table organisations add column updated_by text not null default '';
alter table persons add column updated_by text not null default '';
alter table bodies add column updated_by text not null default '';
alter table collaborations add column updated_by text not null default '';
alter table accounts add column updated_by text not null default '';
alter table agenda_items add column updated_at timestamptz, add column updated_by text not null default '';

-- +goose Down
alter table agenda_items drop column updated_at, drop column updated_by;
alter table accounts drop column updated_by;
alter table collaborations drop column updated_by;
alter table bodies drop column updated_by;
alter table persons drop column updated_by;
alter table organisations drop column updated_by;
