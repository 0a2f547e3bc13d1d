-- +goose Up

-- Whether a second teacher must confirm awards by hand.
alter table badges add column endorsed boolean not null default false;

-- Awards by hand that wait for a second teacher. A row goes when it is decided.
create table proposals (
    id          text primary key, -- also of the assertion it becomes
    platform_id text not null,
    context_id  text not null,
    badge_id    text not null references badges (id),
    user_id     text not null,
    proposed_by text not null,
    proposed_at timestamp not null,
    given       text not null, -- JSON of the evidence
    unique (badge_id, user_id)
);
