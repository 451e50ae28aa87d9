-- +goose Up
-- A meeting that people are invited to: its title and who hold it are those of the invitation, and change there.
alter table meetings add column invited boolean not null default false;

-- +goose Down
alter table meetings drop column invited;
