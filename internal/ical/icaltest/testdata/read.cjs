// Reads a list of calendar files and writes what it found in each, as JSON.
const ICAL = require('./ical.es5.min.cjs');

// Without this ical.js passes over what it cannot read.
ICAL.design.strict = true;

const text = (component, name) => component.getFirstPropertyValue(name)?.toString() ?? '';
const seconds = (time) => time ? time.toUnixTime() : 0;
const parameter = (property, name) => property.getParameter(name) ?? '';
const party = (property) => property ? {
  Address: property.getFirstValue(), Name: parameter(property, 'cn'), RSVP: parameter(property, 'rsvp'),
  Status: parameter(property, 'partstat'), Role: parameter(property, 'role'),
} : {};

function event(component) {
  const start = component.getFirstPropertyValue('dtstart');
  return {
    UID: text(component, 'uid'), Summary: text(component, 'summary'), Description: text(component, 'description'),
    Location: text(component, 'location'), URL: text(component, 'url'), Status: text(component, 'status'), Class: text(component, 'class'),
    Sequence: component.getFirstPropertyValue('sequence'), Start: seconds(start), End: seconds(component.getFirstPropertyValue('dtend')),
    Stamp: seconds(component.getFirstPropertyValue('dtstamp')), Modified: seconds(component.getFirstPropertyValue('last-modified')),
    StartLocal: start.toString(), StartZone: start.zone.tzid,
    Organiser: party(component.getFirstProperty('organizer')), Attendees: component.getAllProperties('attendee').map(party),
    Names: component.getAllProperties().map((p) => p.name).sort(),
  };
}

function calendar(file) {
  const component = new ICAL.Component(ICAL.parse(file));
  return {
    Method: text(component, 'method'), Name: text(component, 'name'), Refresh: text(component, 'refresh-interval'),
    TTL: text(component, 'x-published-ttl'), Events: component.getAllSubcomponents('vevent').map(event),
  };
}

const files = JSON.parse(require('fs').readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(files.map(calendar)));
