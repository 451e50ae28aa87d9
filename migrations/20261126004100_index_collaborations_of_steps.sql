-- +goose Up
-- The page of a collaboration lists what goes along its participants.
create index on route_steps (collaboration_id, proposal_id);

-- +goose Down
drop index route_steps_collaboration_id_proposal_id_idx;
