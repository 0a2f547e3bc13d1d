-- +goose Up

create table platforms (
    id            text primary key,
    issuer        text not null,
    client_id     text not null,
    auth_url      text not null,
    token_url     text not null,
    keys_url      text not null,
    product       text not null,
    name          text not null,
    service_url   text not null default '',
    service_token bytea,
    service_check text not null default '', -- JSON of the last check
    created_at    timestamp not null,
    unique (issuer, client_id)
);

create table deployments (
    platform_id   text not null references platforms (id),
    deployment_id text not null,
    approved      boolean not null,
    seen_at       timestamp not null,
    primary key (platform_id, deployment_id)
);

create table login_states (
    id          text primary key, -- hash
    browser     text not null,    -- hash
    nonce       text not null,
    platform_id text not null,
    target      text not null,
    expires_at  bigint not null   -- Unix seconds
);
create index login_states_expiry on login_states (expires_at);

create table signing_keys (
    id         text primary key,
    private    bytea not null, -- sealed
    created_at timestamp not null
);

create table links (
    hash       bytea primary key,
    purpose    text not null,
    expires_at timestamp not null
);

create table courses (
    platform_id text not null references platforms (id),
    context_id  text not null,
    title       text not null,
    label       text not null,
    due_at      timestamp not null,
    cause       text not null,
    failures    integer not null default 0,
    read_at     timestamp, -- end of the last run
    lease       text not null default '',
    lease_until timestamp,
    primary key (platform_id, context_id)
);
create index courses_due on courses (due_at);

create table sync_runs (
    platform_id text not null,
    context_id  text not null,
    started_at  timestamp not null,
    ended_at    timestamp not null,
    cause       text not null,
    learners    integer not null,
    awarded     integer not null,
    unreadable  integer not null,
    problem     text not null,
    detail      text not null,
    foreign key (platform_id, context_id) references courses (platform_id, context_id)
);
create index sync_runs_course on sync_runs (platform_id, context_id, ended_at);

create table members (
    platform_id text not null,
    context_id  text not null,
    user_id     text not null,
    name        text not null,
    email       text not null,
    language    text not null,
    active      boolean not null,
    teaches     boolean not null,
    primary key (platform_id, context_id, user_id),
    foreign key (platform_id, context_id) references courses (platform_id, context_id)
);

create table evidence (
    platform_id  text not null,
    context_id   text not null,
    user_id      text not null,
    observations text not null, -- JSON
    read_at      timestamp not null,
    primary key (platform_id, context_id, user_id),
    foreign key (platform_id, context_id) references courses (platform_id, context_id)
);

create table activities (
    platform_id text not null,
    context_id  text not null,
    list        text not null, -- JSON
    primary key (platform_id, context_id),
    foreign key (platform_id, context_id) references courses (platform_id, context_id)
);

create table issuers (
    id          text primary key,
    platform_id text not null references platforms (id),
    name        text not null,
    url         text not null,
    email       text not null,
    description text not null
);
create index issuers_platform on issuers (platform_id);

create table pictures (
    hash text primary key,
    png  bytea not null,
    svg  bytea
);

create table badges (
    id          text primary key,
    platform_id text not null,
    context_id  text not null,
    state       text not null,
    version_id  text not null, -- the current one
    created_at  timestamp not null,
    created_by  text not null,
    switched_at timestamp,
    foreign key (platform_id, context_id) references courses (platform_id, context_id)
);
create index badges_course on badges (platform_id, context_id);

create table badge_versions (
    id          text primary key,
    badge_id    text not null references badges (id),
    number      integer not null,
    name        text not null,
    description text not null,
    criteria    text not null,
    language    text not null,
    picture     text not null references pictures (hash),
    issuer_id   text not null references issuers (id),
    rule        text not null, -- JSON
    created_at  timestamp not null,
    unique (badge_id, number)
);

create table assertions (
    id          text primary key,
    platform_id text not null,
    context_id  text not null,
    badge_id    text not null references badges (id),
    version_id  text not null references badge_versions (id),
    user_id     text not null,
    state       text not null,
    name        text not null,
    email       text not null,
    language    text not null,
    salt        text not null,
    show_name   boolean not null,
    facts       text not null, -- JSON
    awarded_at  timestamp not null,
    decided_at  timestamp,
    revoked_at  timestamp,
    reason      text not null default '',
    unique (badge_id, user_id)
);
create index assertions_member on assertions (platform_id, context_id, user_id);
create index assertions_version on assertions (version_id);

create table notices (
    assertion_id text not null references assertions (id),
    channel      text not null,
    sent_at      timestamp,
    attempts     integer not null default 0,
    problem      text not null default '', -- catalogue key of the last failure
    primary key (assertion_id, channel)
);
create index notices_unsent on notices (sent_at);

create table audit (
    id          text primary key,
    at          timestamp not null,
    platform_id text not null,
    context_id  text not null,
    actor       text not null,
    action      text not null,
    object      text not null
);
create index audit_course on audit (platform_id, context_id, at);

create table settings (
    name  text primary key,
    value text not null -- JSON
);
