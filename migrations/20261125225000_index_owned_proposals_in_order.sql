-- +goose Up
-- The list of the proposals of one organisation, newest first. By the index on the date alone it reads everything there is
-- when that organisation has few.
create index proposals_owned_idx on proposals (owner_org_id, dated_on desc nulls last, updated_at desc, id desc);
drop index proposals_owner_org_id_idx;

-- +goose Down
create index proposals_owner_org_id_idx on proposals (owner_org_id);
drop index proposals_owned_idx;
