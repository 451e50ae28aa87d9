-- +goose Up
-- Who reads what is closed of an item: the bodies that the item was closed for, and of those the ones that hold the meeting. Null:
-- nothing is closed.
alter table agenda_items add column closed_for uuid[];

update agenda_items i set closed_for = x.audience_bodies
from agenda_item_matters x where x.item_id = i.id and x.audience_bodies is not null;

-- A paper that is closed for fewer than its item closes the item for the others too.
update agenda_items i set closed_for = (select coalesce(array_agg(b), p.audience_bodies) from unnest(i.closed_for) b where b = any(p.audience_bodies))
from agenda_item_matters x join proposals p on p.id = x.proposal_id
where x.item_id = i.id and i.closed_for is not null and p.audience_bodies is not null;

update agenda_item_matters x set audience_bodies = i.closed_for
from agenda_items i where i.id = x.item_id and x.audience_bodies is not null and x.audience_bodies is distinct from i.closed_for;
update agenda_items i set audience_bodies = i.closed_for where i.audience_bodies is not null and i.audience_bodies is distinct from i.closed_for;
update attachments a set audience_bodies = i.closed_for
from agenda_items i where i.id = a.object_id and a.object_kind = 'item' and a.audience_bodies is not null;
update decisions d set audience_bodies = i.closed_for
from agenda_items i where i.id = d.item_id and d.audience_bodies is not null and d.published_at is not null;

-- What happens behind closed doors is read from the agenda alone: an open paper shows nothing of it.
update proposals p set state = case p.decision_kind when 'deferred' then 'aangehouden' else 'aangeboden' end, meeting_id = null
from meetings m where m.id = p.meeting_id and not m.open and p.audience_bodies is null and p.state = 'geagendeerd';
update route_steps s set state = 'verzonden', meeting_id = null, item_id = null
from meetings m where m.id = s.meeting_id and not m.open and s.state = 'geagendeerd';
update zienswijzen v set state = 'ontvangen', meeting_id = null, item_id = null
from meetings m where m.id = v.meeting_id and not m.open and v.state = 'geagendeerd' and v.item_id is not null;

-- +goose Down
alter table agenda_items drop column closed_for;
