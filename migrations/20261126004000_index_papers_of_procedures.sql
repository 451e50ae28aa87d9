-- +goose Up
-- The dossier of a paper finds the procedures about it.
create index on zienswijze_procedures (proposal_id);

-- +goose Down
drop index zienswijze_procedures_proposal_id_idx;
