// What ical.js makes of a calendar on standard input; its file is the one argument.
// Prints JSON: for each event [uid, begin, end]; days as they are, moments in seconds since 1970.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { default: ICAL } = await import(pathToFileURL(process.argv[2]));
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
// without this a time with a zone counts as one without
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const moment = (time) => (time.isDate ? time.toString() : time.toUnixTime());
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return [event.uid, moment(event.startDate), moment(event.endDate)];
});
console.log(JSON.stringify(events));
