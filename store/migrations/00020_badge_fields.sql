-- +goose Up

-- What else a badge says: what its picture shows, tags, entries of competence
-- frameworks, ECTS credits, level of the European Qualifications Framework,
-- hours of work, texts in other languages. Lists are JSON, empty for none.
alter table badge_versions add column caption text not null default '';
alter table badge_versions add column tags text not null default '';
alter table badge_versions add column alignments text not null default '';
alter table badge_versions add column credits double precision not null default 0;
alter table badge_versions add column level integer not null default 0;
alter table badge_versions add column hours integer not null default 0;
alter table badge_versions add column translations text not null default '';

-- The picture of an organisation, empty for none.
alter table issuers add column logo text not null default '';
