-- +goose Up
-- The list of proposals offers the organisations that have any. Without this, asking that of the hundreds of organisations in
-- the register reads all proposals.
create index proposals_owner_org_id_idx on proposals (owner_org_id);

-- +goose Down
drop index proposals_owner_org_id_idx;
