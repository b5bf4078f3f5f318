// The service calendar: resources, their hours, what is booked.
import { ServiceCalendar } from "./booking/calendar";

frappe.provide("auto_dealer");
auto_dealer.ServiceCalendar = ServiceCalendar;
