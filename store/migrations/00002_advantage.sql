-- +goose Up

-- The next key is published long before it signs, so that platforms know it.
alter table signing_keys add column signs_from timestamp;
update signing_keys set signs_from = created_at;

-- A deployment is pending, approved or refused.
alter table deployments add column refused boolean not null default false;

-- Deep linking requests that wait for the teacher's choice.
create table placements (
    id          text primary key,
    platform_id text not null references platforms (id),
    context_id  text not null,
    user_id     text not null,
    request     bytea not null, -- sealed JSON: it holds the LMS's session key
    expires_at  timestamp not null
);
create index placements_expiry on placements (expires_at);

-- The last launches, without personal data, for the diagnosis page.
create table launches (
    id           text primary key,
    at           timestamp not null,
    platform_id  text not null, -- empty when it is not known
    message      text not null,
    reason       text not null, -- empty: it succeeded
    detail       text not null,
    skew_seconds integer not null,
    scopes       text not null
);
create index launches_at on launches (at);
create index assertions_person on assertions (platform_id, user_id);

-- What services the LMS offered at the last launch from a course: JSON.
alter table courses add column services text not null default '';

-- The courses a course was copied from, the nearest first, and the learners a
-- mentor follows, as the last launch told them: JSON lists.
alter table courses add column history text not null default '';
alter table members add column watches text not null default '';

-- A badge's column in the LMS's gradebook, made by Insigne.
create table grade_columns (
    badge_id    text primary key references badges (id),
    platform_id text not null,
    context_id  text not null,
    line_item   text not null, -- its address
    created_at  timestamp not null
);

-- What was last sent to a column.
create table scores (
    assertion_id text primary key references assertions (id),
    sent_at      timestamp not null -- as the LMS was told; the next must be later
);

-- The badge that this one was taken over from, when its course was copied.
alter table badges add column copied_from text not null default '';
