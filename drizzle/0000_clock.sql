-- The one clock of every statement. Tests replace it; nothing else does.
CREATE OR REPLACE FUNCTION mainkeeper_now() RETURNS timestamptz
  LANGUAGE sql VOLATILE
  AS 'SELECT clock_timestamp()';
