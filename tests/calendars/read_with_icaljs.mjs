// Reads feeds from standard input, one after another, with ical.js and prints what it understood
// of each as JSON. This is a reader that is not ours: the tests compare it with what we published.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

function calendarOf(parsed) {
  const calendar = new ICAL.Component(parsed);
  const events = calendar.getAllSubcomponents("vevent").map(eventOf);
  return { name: calendar.getFirstPropertyValue("name"), events };
}

function eventOf(component) {
  const event = new ICAL.Event(component);
  const plain = (name) => component.getFirstPropertyValue(name);
  return {
    uid: event.uid,
    sequence: event.sequence,
    starts: event.startDate.isDate ? event.startDate.toString() : event.startDate.toUnixTime(),
    ends: event.endDate.isDate ? event.endDate.toString() : event.endDate.toUnixTime(),
    modified: plain("last-modified").toUnixTime(),
    summary: event.summary,
    location: event.location,
    description: event.description,
    status: plain("status"),
    transparency: plain("transp"),
    url: plain("url"),
    geo: plain("geo"),
    categories: component.getFirstProperty("categories")?.getValues() ?? [],
  };
}

// One calendar is parsed to ["vcalendar", …], several to a list of such.
const parsed = ICAL.parse(readFileSync(0, "utf8"));
const calendars = parsed[0] === "vcalendar" ? [parsed] : parsed;
process.stdout.write(JSON.stringify(calendars.map(calendarOf)));
