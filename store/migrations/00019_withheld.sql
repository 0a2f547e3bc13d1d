-- +goose Up

-- The state of an award that a teacher has not released yet is called withheld,
-- no longer held, which also means "has".
drop index assertions_released;
update assertions set state = 'withheld' where state = 'held';
update assertions set replaced_from = 'withheld' where replaced_from = 'held';
create index assertions_released on assertions (released_at) where state = 'withheld' and released_at is not null;

-- The audit log names states too: held, or held and released.
update audit set old_value = 'withheld' || substr(old_value, 5)
where old_value in ('held', 'held, released') and object in (select id from assertions);
update audit set new_value = 'withheld' || substr(new_value, 5)
where new_value in ('held', 'held, released') and object in (select id from assertions);
