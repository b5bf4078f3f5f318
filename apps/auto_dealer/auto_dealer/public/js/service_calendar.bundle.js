// The service calendar: resources, their hours, what is booked.
import { ServiceCalendar } from "./booking/calendar";
import { new_booking } from "./booking/new_booking";

frappe.provide("auto_dealer");
auto_dealer.ServiceCalendar = ServiceCalendar;
auto_dealer.new_booking = new_booking;
