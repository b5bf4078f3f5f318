// Diagnostics and detailing of a deal: started here, their state shown here, kept live.
