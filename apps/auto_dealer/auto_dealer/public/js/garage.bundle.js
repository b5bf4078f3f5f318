// The mechanic's page, loaded by it alone.
import "./garage/page";
