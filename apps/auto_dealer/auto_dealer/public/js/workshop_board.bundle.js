// The boards of the workshop, loaded by their page alone.
import "./workshop_board/page";
