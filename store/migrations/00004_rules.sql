-- +goose Up

-- Conditions ask about more than activities: what they name has one name.
update badge_versions set rule = replace(rule, '"activity_name":', '"name":');
update assertions set facts = replace(facts, '"activity_name":', '"name":');

-- Observations are read anew, in the form that names other subjects too.
delete from evidence;

-- What rules of a course can ask about: JSON.
alter table activities rename to outlines;
alter table outlines rename column list to outline;
update outlines set outline = '{"activities":' || outline || '}';

-- The groups of a course a member is in: a JSON list of ids, empty for none.
alter table members add column in_groups text not null default '';
