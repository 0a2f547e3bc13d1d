-- +goose Up

-- What happens when the evidence of an award falls away: keep, ask, take_back.
alter table badges add column fallen_policy text not null default 'ask';

-- When the evidence of an award was found fallen away, and when the teacher
-- decided to keep the award all the same.
alter table assertions add column fell_at timestamp;
alter table assertions add column kept_at timestamp;
create index assertions_fallen on assertions (platform_id, context_id, badge_id) where fell_at is not null;
