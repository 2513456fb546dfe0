"""Files downloaded from the server: their names, their targets and the procedures that fetch them."""
