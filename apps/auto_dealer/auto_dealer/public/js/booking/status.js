// How the states of a booking look, and where each leads by a button.
export const COLORS = {
	Requested: "yellow",
	Confirmed: "blue",
	Arrived: "orange",
	"In Work": "purple",
	Done: "green",
};

export const NEXT = {
	Requested: ["Confirmed", "Cancelled"],
	Confirmed: ["Arrived", "No-show", "Cancelled"],
	Arrived: ["In Work", "Cancelled"],
	"In Work": ["Done"],
	Done: [],
};

export const ACTIONS = {
	Confirmed: () => __("Confirm", null, "Service Booking"),
	Arrived: () => __("Client Arrived"),
	"In Work": () => __("Start Work"),
	Done: () => __("Finish", null, "Service Booking"),
	"No-show": () => __("Did Not Come"),
	Cancelled: () => __("Cancel Booking"),
};

export const status_title = (status) => __(status, null, "Service Booking");
