-- Drawn by `make tables` from the migrations 54d4a2cd0fb1135c64b2e998dbd467c0dfd32c6ffa032f27cc41fb879152924b
CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);
CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);
CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);
CREATE FUNCTION public.analysis_refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
            BEGIN RAISE EXCEPTION 'a correction is never changed: add another one'; END $$;
CREATE FUNCTION public.bot_refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
            BEGIN
                RAISE EXCEPTION 'what was decided and ruled is not changed'
                    USING ERRCODE = 'integrity_constraint_violation';
            END $$;
CREATE FUNCTION public.catalogue_version_is_for_good() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'what a version of an entry says is not changed: write another version'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;
CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;
CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;
CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    queueing_lock text,
    priority integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);
CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;
CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;
CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;
CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;
CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;
CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;
CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;
CREATE TABLE public.account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE public.account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);
ALTER TABLE public.account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.analysis_contactreason (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    "position" integer NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    brand_id bigint,
    parent_id bigint,
    CONSTRAINT analysis_contactreason_position_check CHECK (("position" >= 0)),
    CONSTRAINT contact_reason_has_a_name CHECK ((NOT ((name)::text = ''::text))),
    CONSTRAINT contact_reason_is_not_below_itself CHECK ((NOT ((parent_id = id) AND (parent_id IS NOT NULL))))
);
ALTER TABLE public.analysis_contactreason ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.analysis_contactreason_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.analysis_conversationreading (
    conversation_id bigint NOT NULL,
    language character varying(12) NOT NULL,
    sentiment character varying(8) NOT NULL,
    intent character varying(15) NOT NULL,
    needs_answer boolean NOT NULL,
    urgency smallint NOT NULL,
    reason_id bigint,
    CONSTRAINT analysis_conversationreading_urgency_check CHECK ((urgency >= 0)),
    CONSTRAINT reading_urgency_is_a_level CHECK (((urgency >= 0) AND (urgency <= 3)))
);
CREATE TABLE public.analysis_correction (
    id bigint NOT NULL,
    figure character varying(12) NOT NULL,
    before jsonb,
    after jsonb,
    at timestamp with time zone NOT NULL,
    agent_id bigint,
    message_id bigint NOT NULL,
    CONSTRAINT correction_changes_something CHECK (((NOT ((before = after) AND (before IS NOT NULL) AND (after IS NOT NULL))) AND (NOT ((after IS NULL) AND (before IS NULL))))),
    CONSTRAINT correction_is_of_a_figure CHECK (((figure)::text = ANY (ARRAY[('language'::character varying)::text, ('sentiment'::character varying)::text, ('intent'::character varying)::text, ('needs_answer'::character varying)::text, ('urgency'::character varying)::text, ('topic'::character varying)::text, ('toxicity'::character varying)::text, ('spam'::character varying)::text])))
);
ALTER TABLE public.analysis_correction ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.analysis_correction_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.analysis_knownname (
    id bigint NOT NULL,
    kind character varying(7) NOT NULL,
    name character varying(120) NOT NULL,
    spellings character varying(120)[] NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    CONSTRAINT kind_of_name_is_known CHECK (((kind)::text = ANY (ARRAY[('product'::character varying)::text, ('place'::character varying)::text]))),
    CONSTRAINT known_name_says_something CHECK ((NOT ((name)::text = ''::text)))
);
ALTER TABLE public.analysis_knownname ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.analysis_knownname_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.analysis_messageanalysis (
    message_id bigint NOT NULL,
    form character varying(5) NOT NULL,
    heads character varying(40) NOT NULL,
    read_at timestamp with time zone NOT NULL,
    language character varying(12) NOT NULL,
    sentiment character varying(8) NOT NULL,
    sentiment_score double precision NOT NULL,
    sentiment_confidence double precision NOT NULL,
    intent character varying(15) NOT NULL,
    intent_confidence double precision NOT NULL,
    needs_answer boolean NOT NULL,
    urgency smallint NOT NULL,
    grounds character varying(8)[] NOT NULL,
    toxicity double precision NOT NULL,
    spam double precision NOT NULL,
    personal_data jsonb NOT NULL,
    corrected character varying(12)[] DEFAULT '{}'::character varying(12)[] NOT NULL,
    CONSTRAINT analysis_form_is_known CHECK (((form)::text = ANY (ARRAY[('light'::character varying)::text, ('full'::character varying)::text]))),
    CONSTRAINT analysis_intent_confidence_is_a_share CHECK (((intent_confidence >= (0.0)::double precision) AND (intent_confidence <= (1.0)::double precision))),
    CONSTRAINT analysis_intent_is_known CHECK (((intent)::text = ANY (ARRAY[('question'::character varying)::text, ('complaint'::character varying)::text, ('request'::character varying)::text, ('praise'::character varying)::text, ('purchase_intent'::character varying)::text, ('chatter'::character varying)::text]))),
    CONSTRAINT analysis_messageanalysis_urgency_check CHECK ((urgency >= 0)),
    CONSTRAINT analysis_score_is_a_score CHECK (((sentiment_score >= ('-1.0'::numeric)::double precision) AND (sentiment_score <= (1.0)::double precision))),
    CONSTRAINT analysis_sentiment_confidence_is_a_share CHECK (((sentiment_confidence >= (0.0)::double precision) AND (sentiment_confidence <= (1.0)::double precision))),
    CONSTRAINT analysis_sentiment_is_known CHECK (((sentiment)::text = ANY (ARRAY[('negative'::character varying)::text, ('neutral'::character varying)::text, ('positive'::character varying)::text]))),
    CONSTRAINT analysis_spam_is_a_share CHECK (((spam >= (0.0)::double precision) AND (spam <= (1.0)::double precision))),
    CONSTRAINT analysis_toxicity_is_a_share CHECK (((toxicity >= (0.0)::double precision) AND (toxicity <= (1.0)::double precision))),
    CONSTRAINT analysis_urgency_is_a_level CHECK (((urgency >= 0) AND (urgency <= 3)))
);
CREATE TABLE public.analysis_messagetopic (
    id bigint NOT NULL,
    confidence double precision NOT NULL,
    analysis_id bigint NOT NULL,
    reason_id bigint NOT NULL,
    CONSTRAINT topic_confidence_is_a_share CHECK (((confidence >= (0.0)::double precision) AND (confidence <= (1.0)::double precision)))
);
ALTER TABLE public.analysis_messagetopic ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.analysis_messagetopic_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.analysis_messagetoread (
    message_id bigint NOT NULL,
    is_late boolean NOT NULL,
    is_glanced_at boolean NOT NULL,
    asked_at timestamp with time zone NOT NULL
);
CREATE TABLE public.analysis_namedinmessage (
    id bigint NOT NULL,
    message_id bigint NOT NULL,
    name_id bigint NOT NULL
);
ALTER TABLE public.analysis_namedinmessage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.analysis_namedinmessage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.analysis_reasonexample (
    id bigint NOT NULL,
    text character varying(500) NOT NULL,
    reason_id bigint NOT NULL,
    CONSTRAINT reason_example_says_something CHECK ((NOT ((text)::text = ''::text)))
);
ALTER TABLE public.analysis_reasonexample ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.analysis_reasonexample_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.analysis_reasonhead (
    id bigint NOT NULL,
    coefficients bytea NOT NULL,
    told_apart jsonb NOT NULL,
    fingerprint character varying(64) NOT NULL,
    has_corrections boolean NOT NULL,
    learnt_at timestamp with time zone NOT NULL,
    brand_id bigint
);
ALTER TABLE public.analysis_reasonhead ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.analysis_reasonhead_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.analysis_replytone (
    message_id bigint NOT NULL,
    uses_first_name boolean,
    points smallint NOT NULL,
    points_taken_up smallint NOT NULL,
    reassures boolean,
    has_next_step boolean,
    is_stock boolean NOT NULL,
    asks_for_known boolean NOT NULL,
    blames boolean NOT NULL,
    is_mixed boolean NOT NULL,
    read_at timestamp with time zone NOT NULL,
    CONSTRAINT analysis_replytone_points_check CHECK ((points >= 0)),
    CONSTRAINT analysis_replytone_points_taken_up_check CHECK ((points_taken_up >= 0)),
    CONSTRAINT tone_takes_up_no_more_than_there_is CHECK ((points_taken_up <= points))
);
CREATE TABLE public.analysis_replytoread (
    message_id bigint NOT NULL
);
CREATE TABLE public.analysis_sweepprogress (
    key smallint NOT NULL,
    "position" bigint NOT NULL,
    seen bigint NOT NULL,
    CONSTRAINT analysis_sweepprogress_key_check CHECK ((key >= 0)),
    CONSTRAINT one_sweep_of_messages CHECK ((key = 1))
);
CREATE TABLE public.analysis_trainedheads (
    id bigint NOT NULL,
    texts integer NOT NULL,
    corrected integer NOT NULL,
    share_before double precision NOT NULL,
    share_after double precision NOT NULL,
    corrected_before integer NOT NULL,
    corrected_after integer NOT NULL,
    figure character varying(12) NOT NULL,
    form character varying(5) NOT NULL,
    is_kept boolean NOT NULL,
    coefficients bytea,
    learnt_from integer NOT NULL,
    last_correction bigint NOT NULL,
    trained_at timestamp with time zone NOT NULL,
    CONSTRAINT analysis_trainedheads_corrected_after_check CHECK ((corrected_after >= 0)),
    CONSTRAINT analysis_trainedheads_corrected_before_check CHECK ((corrected_before >= 0)),
    CONSTRAINT analysis_trainedheads_corrected_check CHECK ((corrected >= 0)),
    CONSTRAINT analysis_trainedheads_learnt_from_check CHECK ((learnt_from >= 0)),
    CONSTRAINT analysis_trainedheads_texts_check CHECK ((texts >= 0)),
    CONSTRAINT heads_are_kept_only_if_better CHECK ((((coefficients IS NULL) AND (NOT is_kept)) OR ((coefficients IS NOT NULL) AND is_kept AND (share_after > share_before))))
);
ALTER TABLE public.analysis_trainedheads ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.analysis_trainedheads_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.analysis_writerday (
    day date NOT NULL,
    calls integer NOT NULL,
    CONSTRAINT analysis_writerday_calls_check CHECK ((calls >= 0))
);
CREATE TABLE public.api_apitoken (
    id bigint NOT NULL,
    name character varying(120) NOT NULL,
    digest character varying(64) NOT NULL,
    prefix character varying(16) NOT NULL,
    scopes character varying(40)[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    agent_id bigint NOT NULL
);
ALTER TABLE public.api_apitoken ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.api_apitoken_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.api_idempotentanswer (
    id bigint NOT NULL,
    key character varying(255) NOT NULL,
    request_digest character varying(64) NOT NULL,
    status smallint,
    encrypted_body bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    token_id bigint NOT NULL,
    CONSTRAINT api_idempotentanswer_status_check CHECK ((status >= 0))
);
ALTER TABLE public.api_idempotentanswer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.api_idempotentanswer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);
ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);
ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.automations_automation (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    "position" integer NOT NULL,
    is_active boolean NOT NULL,
    active_since timestamp with time zone,
    swept_until timestamp with time zone,
    most_runs_a_day smallint NOT NULL,
    most_runs_an_hour integer NOT NULL,
    counted_from timestamp with time zone,
    stopped_at timestamp with time zone,
    removed_at timestamp with time zone,
    revision_id bigint NOT NULL,
    stopped_because text NOT NULL,
    CONSTRAINT active_automation_since_some_time CHECK (((NOT is_active) OR ((active_since IS NOT NULL) AND (removed_at IS NULL)))),
    CONSTRAINT automation_may_run_at_all CHECK (((most_runs_a_day >= 1) AND (most_runs_an_hour >= 1))),
    CONSTRAINT automations_automation_most_runs_a_day_check CHECK ((most_runs_a_day >= 0)),
    CONSTRAINT automations_automation_most_runs_an_hour_check CHECK ((most_runs_an_hour >= 0)),
    CONSTRAINT automations_automation_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.automations_automation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.automations_automation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.automations_automationrevision (
    id bigint NOT NULL,
    trigger jsonb NOT NULL,
    conditions jsonb NOT NULL,
    acts jsonb NOT NULL,
    made_at timestamp with time zone NOT NULL,
    writer_id bigint
);
ALTER TABLE public.automations_automationrevision ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.automations_automationrevision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.automations_automationrun (
    id bigint NOT NULL,
    event_id bigint,
    message_id bigint,
    since timestamp with time zone,
    depth smallint NOT NULL,
    state character varying(7) NOT NULL,
    caused_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    reason text NOT NULL,
    transaction_id xid8,
    automation_id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    revision_id bigint NOT NULL,
    CONSTRAINT automations_automationrun_depth_check CHECK ((depth >= 0)),
    CONSTRAINT run_has_one_cause CHECK ((((event_id IS NOT NULL) AND (since IS NULL)) OR ((event_id IS NULL) AND (since IS NOT NULL))))
);
ALTER TABLE public.automations_automationrun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.automations_automationrun_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.automations_macro (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    acts jsonb NOT NULL,
    "position" integer NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    owner_id bigint,
    CONSTRAINT automations_macro_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.automations_macro ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.automations_macro_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.bot_botnote (
    note_id bigint NOT NULL,
    decision_id bigint NOT NULL
);
CREATE TABLE public.bot_botsettings (
    id bigint NOT NULL,
    mode character varying(8) NOT NULL,
    hours character varying(6) NOT NULL,
    most_in_row smallint NOT NULL,
    most_a_day integer NOT NULL,
    account_id bigint NOT NULL,
    CONSTRAINT bot_botsettings_most_a_day_check CHECK ((most_a_day >= 0)),
    CONSTRAINT bot_botsettings_most_in_row_check CHECK ((most_in_row >= 0)),
    CONSTRAINT bot_ends_a_row CHECK (((most_in_row >= 1) AND (most_in_row <= 9))),
    CONSTRAINT bot_hours_are_known CHECK (((hours)::text = ANY (ARRAY[('always'::character varying)::text, ('open'::character varying)::text, ('closed'::character varying)::text]))),
    CONSTRAINT bot_mode_is_known CHECK (((mode)::text = ANY (ARRAY[('silent'::character varying)::text, ('proposes'::character varying)::text, ('answers'::character varying)::text])))
);
ALTER TABLE public.bot_botsettings ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.bot_botsettings_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.bot_botswitch (
    key smallint NOT NULL,
    is_stopped boolean NOT NULL,
    changed_at timestamp with time zone,
    changed_by_id bigint,
    CONSTRAINT bot_botswitch_key_check CHECK ((key >= 0)),
    CONSTRAINT one_switch_for_every_bot CHECK ((key = 1))
);
CREATE TABLE public.bot_cataloguesurety (
    least_per_cent smallint NOT NULL,
    version character varying(200) NOT NULL,
    slope double precision NOT NULL,
    shift double precision NOT NULL,
    answers_from double precision,
    asked integer NOT NULL,
    "right" integer NOT NULL,
    proven double precision NOT NULL,
    doubted bigint[] NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT bot_cataloguesurety_asked_check CHECK ((asked >= 0)),
    CONSTRAINT bot_cataloguesurety_least_per_cent_check CHECK ((least_per_cent >= 0)),
    CONSTRAINT bot_cataloguesurety_right_check CHECK (("right" >= 0)),
    CONSTRAINT surety_of_a_share_that_is_asked CHECK ((least_per_cent = ANY (ARRAY[95, 98, 99])))
);
CREATE TABLE public.bot_comparison (
    decision_id bigint NOT NULL,
    outcome character varying(7) NOT NULL,
    compared_at timestamp with time zone NOT NULL,
    reply_id bigint NOT NULL,
    CONSTRAINT outcome_is_known CHECK (((outcome)::text = ANY (ARRAY[('same'::character varying)::text, ('other'::character varying)::text, ('unclear'::character varying)::text])))
);
CREATE TABLE public.bot_decision (
    id bigint NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    mode character varying(8) NOT NULL,
    done character varying(8) NOT NULL,
    phrasing text NOT NULL,
    confidence double precision NOT NULL,
    answers_from double precision,
    candidates jsonb NOT NULL,
    rules character varying(24)[] NOT NULL,
    language character varying(12) NOT NULL,
    text text NOT NULL,
    would_answer boolean NOT NULL,
    teaches double precision NOT NULL,
    account_id bigint NOT NULL,
    entry_id bigint,
    message_id bigint NOT NULL,
    reason_id bigint,
    reply_id bigint,
    version_id bigint,
    least_per_cent smallint NOT NULL,
    files jsonb NOT NULL,
    CONSTRAINT bot_answers_from_an_entry_that_may CHECK (((NOT ((done)::text = 'answered'::text)) OR ((entry_id IS NOT NULL) AND (version_id IS NOT NULL) AND would_answer))),
    CONSTRAINT bot_decision_least_per_cent_check CHECK ((least_per_cent >= 0)),
    CONSTRAINT bot_does_nothing_without_an_entry CHECK (((NOT ((done)::text = 'nothing'::text)) OR (entry_id IS NULL))),
    CONSTRAINT decision_confidence_is_a_share CHECK (((confidence >= (0.0)::double precision) AND (confidence <= (1.0)::double precision))),
    CONSTRAINT known_deed CHECK (((done)::text = ANY (ARRAY[('nothing'::character varying)::text, ('noted'::character varying)::text, ('proposed'::character varying)::text, ('answered'::character varying)::text])))
);
ALTER TABLE public.bot_decision ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.bot_decision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.bot_decisiontomake (
    message_id bigint NOT NULL,
    asked_at timestamp with time zone NOT NULL
);
CREATE TABLE public.bot_entryrest (
    entry_id bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    cause character varying(6) NOT NULL,
    judged integer NOT NULL,
    "right" integer NOT NULL,
    by_id bigint,
    CONSTRAINT bot_entryrest_judged_check CHECK ((judged >= 0)),
    CONSTRAINT bot_entryrest_right_check CHECK (("right" >= 0)),
    CONSTRAINT rest_right_is_part_of_judged CHECK (("right" <= judged))
);
CREATE TABLE public.bot_entrytarget (
    entry_id bigint NOT NULL,
    least_per_cent smallint NOT NULL,
    set_at timestamp with time zone NOT NULL,
    set_by_id bigint,
    CONSTRAINT bot_entrytarget_least_per_cent_check CHECK ((least_per_cent >= 0)),
    CONSTRAINT entry_target_is_one_of_those CHECK ((least_per_cent = ANY (ARRAY[95, 98, 99])))
);
CREATE TABLE public.bot_learntmessage (
    message_id bigint NOT NULL,
    learnt_at timestamp with time zone NOT NULL,
    version_id bigint NOT NULL
);
CREATE TABLE public.bot_ruling (
    id bigint NOT NULL,
    verdict character varying(8) NOT NULL,
    cause character varying(14) NOT NULL,
    words character varying(500) NOT NULL,
    ruled_at timestamp with time zone NOT NULL,
    agent_id bigint,
    decision_id bigint NOT NULL,
    draft_id bigint,
    reply_id bigint,
    CONSTRAINT refusal_has_a_cause CHECK (((((verdict)::text = 'refused'::text) AND (NOT ((cause)::text = ''::text))) OR ((NOT ((verdict)::text = 'refused'::text)) AND ((cause)::text = ''::text)))),
    CONSTRAINT verdict_is_known CHECK (((verdict)::text = ANY (ARRAY[('as_is'::character varying)::text, ('edited'::character varying)::text, ('right'::character varying)::text, ('refused'::character varying)::text])))
);
ALTER TABLE public.bot_ruling ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.bot_ruling_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.bot_topicmode (
    id bigint NOT NULL,
    mode character varying(8) NOT NULL,
    reason_id bigint NOT NULL,
    settings_id bigint NOT NULL,
    CONSTRAINT topic_mode_is_known CHECK (((mode)::text = ANY (ARRAY[('silent'::character varying)::text, ('proposes'::character varying)::text, ('answers'::character varying)::text])))
);
ALTER TABLE public.bot_topicmode ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.bot_topicmode_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.brands_brand (
    id bigint NOT NULL,
    name character varying(120) NOT NULL,
    slug character varying(50) NOT NULL,
    language character varying(2) NOT NULL,
    time_zone character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    customer_forms character varying(40)[] DEFAULT '{}'::character varying(40)[] NOT NULL,
    order_forms character varying(40)[] DEFAULT '{}'::character varying(40)[] NOT NULL
);
ALTER TABLE public.brands_brand ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.brands_brand_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.catalogue_answerfile (
    id bigint NOT NULL,
    name character varying(255) NOT NULL,
    storage_key character varying(200) NOT NULL,
    mime_type character varying(120) NOT NULL,
    size_bytes bigint NOT NULL,
    variant_id bigint NOT NULL,
    CONSTRAINT catalogue_answerfile_size_bytes_check CHECK ((size_bytes >= 0))
);
ALTER TABLE public.catalogue_answerfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.catalogue_answerfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.catalogue_answervariant (
    id bigint NOT NULL,
    language character varying(12) NOT NULL,
    channel character varying(30) NOT NULL,
    register character varying(8) NOT NULL,
    visibility character varying(7) NOT NULL,
    text text NOT NULL,
    "position" integer NOT NULL,
    entry_id bigint NOT NULL,
    link character varying(500) NOT NULL,
    CONSTRAINT catalogue_answervariant_position_check CHECK (("position" >= 0)),
    CONSTRAINT variant_links_to_a_page CHECK ((((link)::text = ''::text) OR ((link)::text ~ '^https?://'::text))),
    CONSTRAINT variant_says_something CHECK ((NOT (text = ''::text)))
);
ALTER TABLE public.catalogue_answervariant ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.catalogue_answervariant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.catalogue_cannedfile (
    id bigint NOT NULL,
    name character varying(255) NOT NULL,
    storage_key character varying(200) NOT NULL,
    mime_type character varying(120) NOT NULL,
    size_bytes bigint NOT NULL,
    canned_response_id bigint NOT NULL,
    CONSTRAINT catalogue_cannedfile_size_bytes_check CHECK ((size_bytes >= 0))
);
ALTER TABLE public.catalogue_cannedfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.catalogue_cannedfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.catalogue_cannedresponse (
    id bigint NOT NULL,
    shortcut character varying(40) NOT NULL,
    title character varying(120) NOT NULL,
    text text NOT NULL,
    language character varying(12) NOT NULL,
    used integer NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    brand_id bigint,
    owner_id bigint,
    CONSTRAINT catalogue_cannedresponse_used_check CHECK ((used >= 0))
);
ALTER TABLE public.catalogue_cannedresponse ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.catalogue_cannedresponse_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.catalogue_catalogueedition (
    id smallint NOT NULL,
    number bigint NOT NULL,
    read_number bigint NOT NULL,
    mark uuid NOT NULL,
    read_mark uuid,
    CONSTRAINT catalogue_catalogueedition_id_check CHECK ((id >= 0)),
    CONSTRAINT one_edition CHECK ((id = 1))
);
CREATE TABLE public.catalogue_catalogueentry (
    id bigint NOT NULL,
    key character varying(120) NOT NULL,
    question character varying(300) NOT NULL,
    language character varying(12) NOT NULL,
    topics character varying(80)[] NOT NULL,
    for_service boolean NOT NULL,
    for_marketing boolean NOT NULL,
    for_bot boolean NOT NULL,
    valid_from_on date,
    valid_until_on date,
    review_on date,
    retired_at timestamp with time zone,
    words tsvector,
    created_at timestamp with time zone NOT NULL,
    brand_id bigint,
    owner_id bigint,
    approved_version_id bigint,
    CONSTRAINT entry_ends_after_it_begins CHECK (((valid_from_on IS NULL) OR (valid_until_on IS NULL) OR (valid_until_on >= valid_from_on))),
    CONSTRAINT entry_has_a_key CHECK ((NOT ((key)::text = ''::text))),
    CONSTRAINT entry_serves_somebody CHECK ((for_service OR for_marketing OR for_bot))
);
ALTER TABLE public.catalogue_catalogueentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.catalogue_catalogueentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.catalogue_cataloguefile (
    id bigint NOT NULL,
    name character varying(255) NOT NULL,
    content bytea NOT NULL,
    source character varying(20) NOT NULL,
    language character varying(12) NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id bigint NOT NULL
);
ALTER TABLE public.catalogue_cataloguefile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.catalogue_cataloguefile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.catalogue_entryuse (
    id bigint NOT NULL,
    message_id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    used_at timestamp with time zone NOT NULL,
    is_changed boolean NOT NULL,
    resolved_at timestamp with time zone,
    came_back_at timestamp with time zone,
    is_settled boolean NOT NULL,
    agent_id bigint,
    entry_id bigint NOT NULL,
    version_id bigint NOT NULL,
    CONSTRAINT who_comes_back_was_served CHECK (((came_back_at IS NULL) OR (resolved_at IS NOT NULL)))
);
ALTER TABLE public.catalogue_entryuse ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.catalogue_entryuse_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.catalogue_entryversion (
    id bigint NOT NULL,
    number integer NOT NULL,
    content jsonb NOT NULL,
    reason character varying(500) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    status character varying(8) NOT NULL,
    settled_at timestamp with time zone,
    refusal character varying(500) NOT NULL,
    author_id bigint,
    entry_id bigint NOT NULL,
    settled_by_id bigint,
    CONSTRAINT catalogue_entryversion_number_check CHECK ((number >= 0)),
    CONSTRAINT settled_version_has_an_instant CHECK ((((settled_at IS NULL) AND ((status)::text = 'draft'::text)) OR ((NOT ((status)::text = 'draft'::text)) AND (settled_at IS NOT NULL))))
);
ALTER TABLE public.catalogue_entryversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.catalogue_entryversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.catalogue_knowledgegap (
    id bigint NOT NULL,
    found_at timestamp with time zone NOT NULL,
    language character varying(12) NOT NULL,
    weight integer NOT NULL,
    message_ids bigint[] NOT NULL,
    brand_id bigint NOT NULL,
    nearest_id bigint,
    CONSTRAINT catalogue_knowledgegap_weight_check CHECK ((weight >= 0))
);
ALTER TABLE public.catalogue_knowledgegap ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.catalogue_knowledgegap_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.catalogue_phrasing (
    id bigint NOT NULL,
    text text NOT NULL,
    "position" integer NOT NULL,
    entry_id bigint NOT NULL,
    CONSTRAINT catalogue_phrasing_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.catalogue_phrasing ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.catalogue_phrasing_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.catalogue_textvector (
    id bigint NOT NULL,
    embedder character varying(120) NOT NULL,
    digest bytea NOT NULL,
    vector bytea NOT NULL
);
ALTER TABLE public.catalogue_textvector ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.catalogue_textvector_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.channels_accounthealth (
    account_id bigint NOT NULL,
    cursor jsonb NOT NULL,
    last_delivery_at timestamp with time zone,
    last_checked_at timestamp with time zone,
    last_error text NOT NULL,
    last_error_at timestamp with time zone,
    token_expires_at timestamp with time zone,
    silent_since timestamp with time zone,
    subscription_checked_at timestamp with time zone,
    subscription_lost_at timestamp with time zone,
    templates_read_at timestamp with time zone,
    clock_differs_since timestamp with time zone,
    unsent_reason text NOT NULL,
    unsent_since timestamp with time zone
);
CREATE TABLE public.channels_channelaccount (
    id bigint NOT NULL,
    kind character varying(30) NOT NULL,
    name character varying(120) NOT NULL,
    own_id character varying(255) NOT NULL,
    handle character varying(255) NOT NULL,
    status character varying(12) NOT NULL,
    encrypted_credentials bytea NOT NULL,
    hook_key character varying(64) NOT NULL,
    weekly_hours jsonb NOT NULL,
    reopens_within interval NOT NULL,
    created_at timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    team_id bigint NOT NULL
);
ALTER TABLE public.channels_channelaccount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.channels_channelaccount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.channels_channelaccount_reserved_for (
    id bigint NOT NULL,
    channelaccount_id bigint NOT NULL,
    team_id bigint NOT NULL
);
ALTER TABLE public.channels_channelaccount_reserved_for ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.channels_channelaccount_reserved_for_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.channels_figure (
    id bigint NOT NULL,
    measured_on date NOT NULL,
    name character varying(20) NOT NULL,
    external_id character varying(1000) NOT NULL,
    value double precision NOT NULL,
    best double precision,
    account_id bigint NOT NULL
);
ALTER TABLE public.channels_figure ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.channels_figure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.channels_messagetemplate (
    id bigint NOT NULL,
    name character varying(512) NOT NULL,
    language character varying(20) NOT NULL,
    text text NOT NULL,
    blanks smallint NOT NULL,
    status character varying(30) NOT NULL,
    is_approved boolean NOT NULL,
    account_id bigint NOT NULL,
    CONSTRAINT channels_messagetemplate_blanks_check CHECK ((blanks >= 0))
);
ALTER TABLE public.channels_messagetemplate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.channels_messagetemplate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.channels_threadholder (
    id bigint NOT NULL,
    thread_id character varying(512) NOT NULL,
    is_ours boolean NOT NULL,
    application character varying(120) NOT NULL,
    since_at timestamp with time zone NOT NULL,
    told_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    asked_by character varying(120) DEFAULT ''::character varying NOT NULL,
    asked_at timestamp with time zone
);
ALTER TABLE public.channels_threadholder ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.channels_threadholder_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.contacts_contact (
    id bigint NOT NULL,
    name character varying(255) NOT NULL,
    language character varying(12) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    about text DEFAULT ''::text NOT NULL,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    merged_into_id bigint,
    tags character varying(40)[] DEFAULT '{}'::character varying(40)[] NOT NULL
);
ALTER TABLE public.contacts_contact ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.contacts_contact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.contacts_contactidentity (
    id bigint NOT NULL,
    channel character varying(30) NOT NULL,
    scope character varying(255) NOT NULL,
    external_id character varying(512) NOT NULL,
    handle character varying(320) NOT NULL,
    name character varying(255) NOT NULL,
    avatar_url text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    contact_id bigint NOT NULL,
    blocked_at timestamp with time zone
);
ALTER TABLE public.contacts_contactidentity ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.contacts_contactidentity_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.contacts_contactmerge (
    id bigint NOT NULL,
    reason text NOT NULL,
    moved jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    undone_at timestamp with time zone,
    by_id bigint,
    gone_id bigint NOT NULL,
    kept_id bigint NOT NULL
);
ALTER TABLE public.contacts_contactmerge ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.contacts_contactmerge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.contacts_identityalias (
    id bigint NOT NULL,
    channel character varying(30) NOT NULL,
    scope character varying(255) NOT NULL,
    external_id character varying(512) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    identity_id bigint NOT NULL
);
ALTER TABLE public.contacts_identityalias ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.contacts_identityalias_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.contacts_identitylink (
    id bigint NOT NULL,
    told_at timestamp with time zone NOT NULL,
    one_id bigint NOT NULL,
    other_id bigint NOT NULL,
    CONSTRAINT a_link_has_one_order CHECK ((one_id < other_id))
);
ALTER TABLE public.contacts_identitylink ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.contacts_identitylink_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_attachment (
    id bigint NOT NULL,
    "position" smallint NOT NULL,
    kind character varying(12) NOT NULL,
    state character varying(8) NOT NULL,
    name character varying(255) NOT NULL,
    declared_type character varying(255) NOT NULL,
    mime_type character varying(255) NOT NULL,
    size_bytes bigint,
    sha256 character varying(64) NOT NULL,
    storage_key character varying(200) NOT NULL,
    source_url text NOT NULL,
    alt_text text NOT NULL,
    content_id character varying(255) NOT NULL,
    reason text NOT NULL,
    message_id bigint NOT NULL,
    CONSTRAINT conversations_attachment_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.conversations_attachment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_attachment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_consultation (
    id bigint NOT NULL,
    outside_name character varying(120) NOT NULL,
    outside_email character varying(254) NOT NULL,
    language character varying(2) NOT NULL,
    question text NOT NULL,
    state character varying(9) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    answer text NOT NULL,
    answered_by_way character varying(6) NOT NULL,
    link_key character varying(40) NOT NULL,
    link_expires_at timestamp with time zone,
    next_reminder_at timestamp with time zone,
    reminder_count smallint NOT NULL,
    escalated_at timestamp with time zone,
    asked_by_id bigint,
    conversation_id bigint NOT NULL,
    expert_id bigint,
    note_id bigint,
    mail_token character varying(40) NOT NULL,
    mail_failure text NOT NULL,
    CONSTRAINT consultation_answered_in_words CHECK ((NOT ((answer = ''::text) AND ((state)::text = 'answered'::text)))),
    CONSTRAINT consultation_ends_when_decided CHECK ((((ended_at IS NULL) AND ((state)::text = 'asked'::text)) OR ((NOT ((state)::text = 'asked'::text)) AND (ended_at IS NOT NULL)))),
    CONSTRAINT consultation_of_exactly_one CHECK ((((expert_id IS NOT NULL) AND ((outside_email)::text = ''::text)) OR ((expert_id IS NULL) AND (NOT ((outside_email)::text = ''::text))))),
    CONSTRAINT conversations_consultation_reminder_count_check CHECK ((reminder_count >= 0))
);
ALTER TABLE public.conversations_consultation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_consultation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_conversation (
    id bigint NOT NULL,
    thread_id character varying(512) NOT NULL,
    thread_token character varying(40) NOT NULL,
    is_public boolean NOT NULL,
    subject character varying(500) NOT NULL,
    status character varying(8) NOT NULL,
    language character varying(12) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    last_message_at timestamp with time zone NOT NULL,
    last_message_text character varying(200) NOT NULL,
    last_incoming_at timestamp with time zone,
    waiting_since timestamp with time zone,
    snoozed_until timestamp with time zone,
    resolved_at timestamp with time zone,
    account_id bigint NOT NULL,
    assignee_id bigint,
    contact_id bigint NOT NULL,
    identity_id bigint NOT NULL,
    team_id bigint,
    is_spam boolean DEFAULT false NOT NULL,
    merged_into_id bigint,
    promise_due_at timestamp with time zone,
    priority smallint DEFAULT 1 NOT NULL,
    CONSTRAINT conversations_conversation_priority_check CHECK ((priority >= 0)),
    CONSTRAINT resolved_has_an_instant CHECK ((((resolved_at IS NOT NULL) AND ((status)::text = 'resolved'::text)) OR ((NOT ((status)::text = 'resolved'::text)) AND (resolved_at IS NULL))))
);
ALTER TABLE public.conversations_conversation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_conversation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_conversation_tags (
    id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    tag_id bigint NOT NULL
);
ALTER TABLE public.conversations_conversation_tags ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_conversation_tags_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_draft (
    id bigint NOT NULL,
    text text NOT NULL,
    visibility character varying(7) NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    agent_id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    key uuid,
    sequence bigint NOT NULL,
    taken_over_at timestamp with time zone,
    taken_over_by_id bigint,
    choices character varying(250)[] DEFAULT '{}'::character varying(250)[] NOT NULL
);
ALTER TABLE public.conversations_draft ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_draft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_draftfile (
    id bigint NOT NULL,
    name character varying(255) NOT NULL,
    storage_key character varying(200) NOT NULL,
    mime_type character varying(255) NOT NULL,
    size_bytes bigint NOT NULL,
    alt_text text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    agent_id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    message_id bigint
);
ALTER TABLE public.conversations_draftfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_draftfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_following (
    id bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    agent_id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    keeps_reading boolean DEFAULT false NOT NULL
);
ALTER TABLE public.conversations_following ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_following_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_formertext (
    id bigint NOT NULL,
    text text NOT NULL,
    replaced_at timestamp with time zone NOT NULL,
    message_id bigint NOT NULL,
    rating_best double precision,
    rating_value double precision,
    subject character varying(500) DEFAULT ''::character varying NOT NULL
);
ALTER TABLE public.conversations_formertext ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_formertext_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_handoff (
    id bigint NOT NULL,
    asked text NOT NULL,
    state character varying(9) NOT NULL,
    given_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    reason text NOT NULL,
    conversation_id bigint NOT NULL,
    ended_by_id bigint,
    from_team_id bigint,
    given_by_id bigint,
    to_team_id bigint NOT NULL,
    answer text DEFAULT ''::text NOT NULL,
    answered_at timestamp with time zone,
    answered_by_id bigint,
    CONSTRAINT hand_off_ends_when_decided CHECK ((((ended_at IS NULL) AND ((state)::text = 'offered'::text)) OR ((NOT ((state)::text = 'offered'::text)) AND (ended_at IS NOT NULL)))),
    CONSTRAINT hand_off_given_back_with_an_answer CHECK ((((answered_at IS NOT NULL) AND ((state)::text = 'answered'::text) AND (NOT (answer = ''::text))) OR ((NOT ((state)::text = 'answered'::text)) AND (answer = ''::text) AND (answered_at IS NULL)))),
    CONSTRAINT hand_off_refused_for_a_reason CHECK ((NOT ((reason = ''::text) AND ((state)::text = 'refused'::text)))),
    CONSTRAINT hand_off_to_another_team CHECK ((NOT ((from_team_id = to_team_id) AND (from_team_id IS NOT NULL))))
);
ALTER TABLE public.conversations_handoff ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_handoff_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_joinedconversation (
    id bigint NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    conversation_id bigint NOT NULL,
    joined_by_id bigint,
    matter_id bigint NOT NULL
);
ALTER TABLE public.conversations_joinedconversation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_joinedconversation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_matter (
    id bigint NOT NULL,
    title character varying(200) NOT NULL,
    status character varying(8) NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    resolution text NOT NULL,
    opened_by_id bigint,
    owner_id bigint,
    CONSTRAINT matter_resolved_at_an_instant CHECK ((((resolved_at IS NULL) AND ((status)::text = 'open'::text)) OR ((resolved_at IS NOT NULL) AND ((status)::text = 'resolved'::text))))
);
ALTER TABLE public.conversations_matter ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_matter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_message (
    id bigint NOT NULL,
    direction character varying(8) NOT NULL,
    visibility character varying(7) NOT NULL,
    kind character varying(12) NOT NULL,
    state character varying(9) NOT NULL,
    key uuid NOT NULL,
    external_id character varying(1000),
    parent_external_id character varying(1000) NOT NULL,
    is_automatic boolean NOT NULL,
    text text NOT NULL,
    html text NOT NULL,
    quoted text NOT NULL,
    signature text NOT NULL,
    subject character varying(500) NOT NULL,
    language character varying(12) NOT NULL,
    rating_value double precision,
    rating_best double precision,
    url text NOT NULL,
    custom jsonb NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    send_after timestamp with time zone,
    delivered_at timestamp with time zone,
    read_at timestamp with time zone,
    failure text NOT NULL,
    account_id bigint NOT NULL,
    agent_id bigint,
    conversation_id bigint NOT NULL,
    identity_id bigint,
    hidden_at timestamp with time zone,
    call_duration interval,
    call_state character varying(9) DEFAULT ''::character varying NOT NULL,
    liked_at timestamp with time zone,
    choices character varying(250)[] DEFAULT '{}'::character varying(250)[] NOT NULL,
    is_unreadable boolean DEFAULT false NOT NULL,
    call_lost_at timestamp with time zone,
    hold_told_at timestamp with time zone,
    is_waived boolean DEFAULT false NOT NULL,
    CONSTRAINT incoming_has_an_author_and_is_received CHECK ((((direction)::text = 'outgoing'::text) OR ((identity_id IS NOT NULL) AND ((state)::text = 'received'::text))))
);
ALTER TABLE public.conversations_message ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_messagepart (
    id bigint NOT NULL,
    external_id character varying(1000) NOT NULL,
    account_id bigint NOT NULL,
    message_id bigint NOT NULL
);
ALTER TABLE public.conversations_messagepart ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_messagepart_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_note (
    id bigint NOT NULL,
    text text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    agent_id bigint,
    conversation_id bigint NOT NULL,
    key uuid
);
ALTER TABLE public.conversations_note ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_note_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_notemention (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    agent_id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    note_id bigint NOT NULL
);
ALTER TABLE public.conversations_notemention ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_notemention_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_reaction (
    id bigint NOT NULL,
    reaction character varying(64) NOT NULL,
    external_id character varying(1000) NOT NULL,
    at timestamp with time zone NOT NULL,
    identity_id bigint NOT NULL,
    message_id bigint NOT NULL
);
ALTER TABLE public.conversations_reaction ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_reaction_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_readmark (
    id bigint NOT NULL,
    read_up_to timestamp with time zone NOT NULL,
    agent_id bigint NOT NULL,
    conversation_id bigint NOT NULL
);
ALTER TABLE public.conversations_readmark ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_readmark_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_searchperson (
    id bigint NOT NULL,
    words tsvector NOT NULL,
    identity_id bigint NOT NULL
);
ALTER TABLE public.conversations_searchperson ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_searchperson_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_searchprogress (
    kind character varying(10) NOT NULL,
    "position" bigint NOT NULL,
    seen bigint NOT NULL
);
CREATE TABLE public.conversations_searchsubject (
    id bigint NOT NULL,
    words tsvector NOT NULL,
    conversation_id bigint NOT NULL
);
ALTER TABLE public.conversations_searchsubject ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_searchsubject_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_searchtext (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    words tsvector NOT NULL,
    message_id bigint,
    note_id bigint,
    pairs integer[],
    CONSTRAINT search_text_is_of_a_message_or_a_note CHECK ((((message_id IS NOT NULL) AND (note_id IS NULL)) OR ((message_id IS NULL) AND (note_id IS NOT NULL))))
);
ALTER TABLE ONLY public.conversations_searchtext ALTER COLUMN words SET STATISTICS 1000;
ALTER TABLE public.conversations_searchtext ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_searchtext_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_tag (
    id bigint NOT NULL,
    name character varying(40) NOT NULL
);
ALTER TABLE public.conversations_tag ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_tag_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.conversations_wordedact (
    id bigint NOT NULL,
    act character varying(6) NOT NULL,
    text text NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    tries smallint NOT NULL,
    outcome character varying(7) NOT NULL,
    finished_at timestamp with time zone,
    reason text NOT NULL,
    agent_id bigint,
    message_id bigint NOT NULL,
    CONSTRAINT conversations_wordedact_tries_check CHECK ((tries >= 0))
);
ALTER TABLE public.conversations_wordedact ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_wordedact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.core_heartbeat (
    name character varying(120) NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.core_remembered (
    cache_key character varying(255) NOT NULL,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE TABLE public.delivery_attempt (
    id bigint NOT NULL,
    number smallint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    outcome character varying(12) NOT NULL,
    reason text NOT NULL,
    was_found boolean NOT NULL,
    message_id bigint NOT NULL,
    worker character varying(120) CONSTRAINT delivery_attempt_process_not_null NOT NULL,
    is_superseded boolean NOT NULL,
    CONSTRAINT delivery_attempt_number_check CHECK ((number >= 0))
);
ALTER TABLE public.delivery_attempt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.delivery_attempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.delivery_moderation (
    id bigint NOT NULL,
    act character varying(6) NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    tries smallint NOT NULL,
    outcome character varying(7) NOT NULL,
    finished_at timestamp with time zone,
    reason text NOT NULL,
    agent_id bigint,
    message_id bigint NOT NULL,
    CONSTRAINT delivery_moderation_tries_check CHECK ((tries >= 0))
);
ALTER TABLE public.delivery_moderation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.delivery_moderation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.delivery_sendbudget (
    account_id bigint NOT NULL,
    tokens double precision NOT NULL,
    refilled_at timestamp with time zone NOT NULL,
    blocked_until timestamp with time zone
);
CREATE TABLE public.desk_bulkact (
    id bigint NOT NULL,
    act character varying(20) NOT NULL,
    arguments jsonb NOT NULL,
    state character varying(7) NOT NULL,
    key uuid NOT NULL,
    total integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    agent_id bigint NOT NULL,
    CONSTRAINT desk_bulkact_total_check CHECK ((total >= 0))
);
ALTER TABLE public.desk_bulkact ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_bulkact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.desk_bulkchange (
    id bigint NOT NULL,
    before jsonb,
    refusal text NOT NULL,
    is_undone boolean NOT NULL,
    bulk_act_id bigint NOT NULL,
    conversation_id bigint NOT NULL
);
ALTER TABLE public.desk_bulkchange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_bulkchange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.desk_callback (
    id bigint NOT NULL,
    number character varying(20) NOT NULL,
    state character varying(9) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    placed_at timestamp with time zone,
    missed_at timestamp with time zone,
    tries integer NOT NULL,
    ended_at timestamp with time zone,
    account_id bigint NOT NULL,
    asked_by_id bigint,
    call_id bigint,
    conversation_id bigint NOT NULL,
    ended_by_id bigint,
    message_id bigint,
    overdue_at timestamp with time zone,
    CONSTRAINT desk_callback_tries_check CHECK ((tries >= 0))
);
ALTER TABLE public.desk_callback ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_callback_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.desk_inboxview (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    filters jsonb NOT NULL,
    sort character varying(10) NOT NULL,
    "position" integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    owner_id bigint,
    CONSTRAINT desk_inboxview_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.desk_inboxview ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_inboxview_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.desk_invitation (
    id bigint NOT NULL,
    way character varying(7) NOT NULL,
    digest character varying(64),
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    opened_at timestamp with time zone,
    joined_at timestamp with time zone,
    solved_at timestamp with time zone,
    closed_at timestamp with time zone,
    by_id bigint,
    conversation_id bigint NOT NULL,
    joined_id bigint,
    message_id bigint,
    identity_id bigint
);
ALTER TABLE public.desk_invitation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_invitation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);
ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);
ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);
CREATE TABLE public.events_event (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_kind character varying(12) NOT NULL,
    actor_id bigint,
    subject_kind character varying(30) NOT NULL,
    subject_id bigint NOT NULL,
    conversation_id bigint,
    reason text NOT NULL,
    details jsonb NOT NULL,
    transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL
);
ALTER TABLE public.events_event ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.events_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.events_follower (
    name character varying(60) NOT NULL,
    transaction_id xid8 NOT NULL,
    event_id bigint NOT NULL
);
CREATE TABLE public.intake_contextpost (
    id bigint NOT NULL,
    external_id character varying(1000) NOT NULL,
    thread_id character varying(512) NOT NULL,
    author jsonb NOT NULL,
    is_ours boolean NOT NULL,
    text text NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    url text NOT NULL,
    attachments jsonb NOT NULL,
    received_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL
);
ALTER TABLE public.intake_contextpost ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intake_contextpost_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.intake_earlychange (
    id bigint NOT NULL,
    target_id character varying(1000) NOT NULL,
    fingerprint character varying(64) NOT NULL,
    event jsonb NOT NULL,
    received_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL
);
ALTER TABLE public.intake_earlychange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intake_earlychange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.intake_historyreading (
    account_id bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    cursor jsonb NOT NULL,
    state character varying(7) NOT NULL,
    deliveries integer NOT NULL,
    reason text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT intake_historyreading_deliveries_check CHECK ((deliveries >= 0))
);
CREATE TABLE public.intake_importrun (
    id bigint NOT NULL,
    source character varying(64) NOT NULL,
    "position" bigint NOT NULL,
    set_aside bigint NOT NULL,
    finished_at timestamp with time zone,
    updated_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL
);
ALTER TABLE public.intake_importrun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intake_importrun_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.intake_rawdelivery (
    id bigint NOT NULL,
    received_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    content_type character varying(255) NOT NULL,
    headers jsonb DEFAULT '{}'::jsonb NOT NULL,
    body bytea NOT NULL,
    key character varying(255),
    state character varying(9) DEFAULT 'new'::character varying NOT NULL,
    tries smallint DEFAULT 0 NOT NULL,
    not_before timestamp with time zone,
    reason text DEFAULT ''::text NOT NULL,
    account_id bigint NOT NULL,
    is_history boolean DEFAULT false NOT NULL,
    CONSTRAINT intake_rawdelivery_tries_check CHECK ((tries >= 0))
);
ALTER TABLE public.intake_rawdelivery ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intake_rawdelivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mfa_authenticator (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    data jsonb NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);
ALTER TABLE public.mfa_authenticator ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mfa_authenticator_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.notifications_notice (
    id bigint NOT NULL,
    kind character varying(30) NOT NULL,
    subject_id bigint NOT NULL,
    subject_name character varying(2000) NOT NULL,
    reason text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone
);
ALTER TABLE public.notifications_notice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notifications_notice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.notifications_notice_mailed_to (
    id bigint NOT NULL,
    notice_id bigint NOT NULL,
    agent_id bigint NOT NULL
);
ALTER TABLE public.notifications_notice_mailed_to ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notifications_notice_mailed_to_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.notifications_notification (
    id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    times integer NOT NULL,
    at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone,
    mailed_at timestamp with time zone,
    agent_id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    CONSTRAINT notifications_notification_times_check CHECK ((times >= 0))
);
ALTER TABLE public.notifications_notification ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notifications_notification_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.notifications_pushsubscription (
    id bigint NOT NULL,
    endpoint character varying(2000) NOT NULL,
    browser_key bytea NOT NULL,
    browser_secret bytea NOT NULL,
    session_key character varying(40) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    failing_since timestamp with time zone,
    agent_id bigint NOT NULL
);
ALTER TABLE public.notifications_pushsubscription ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notifications_pushsubscription_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.notifications_webhookdelivery (
    id bigint NOT NULL,
    state character varying(9) NOT NULL,
    attempts integer NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    next_attempt_at timestamp with time zone,
    delivered_at timestamp with time zone,
    last_attempt_at timestamp with time zone,
    last_status smallint,
    last_error text NOT NULL,
    response_excerpt text NOT NULL,
    event_id bigint NOT NULL,
    endpoint_id bigint NOT NULL,
    CONSTRAINT notifications_webhookdelivery_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT notifications_webhookdelivery_last_status_check CHECK ((last_status >= 0)),
    CONSTRAINT pending_delivery_is_due_some_time CHECK ((((next_attempt_at IS NOT NULL) AND ((state)::text = 'pending'::text)) OR ((NOT ((state)::text = 'pending'::text)) AND (next_attempt_at IS NULL))))
);
ALTER TABLE public.notifications_webhookdelivery ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notifications_webhookdelivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.notifications_webhookendpoint (
    id bigint NOT NULL,
    url character varying(2000) NOT NULL,
    encrypted_secret bytea NOT NULL,
    event_names character varying(60)[] NOT NULL,
    is_active boolean NOT NULL,
    disabled_reason text NOT NULL,
    failing_since timestamp with time zone,
    created_at timestamp with time zone NOT NULL
);
ALTER TABLE public.notifications_webhookendpoint ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notifications_webhookendpoint_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.notifications_webhookendpoint_warnings (
    id bigint NOT NULL,
    webhookendpoint_id bigint CONSTRAINT notifications_webhookendpoint_warni_webhookendpoint_id_not_null NOT NULL,
    policywarning_id bigint CONSTRAINT notifications_webhookendpoint_warning_policywarning_id_not_null NOT NULL
);
ALTER TABLE public.notifications_webhookendpoint_warnings ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notifications_webhookendpoint_warnings_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.people_agent (
    id bigint NOT NULL,
    name character varying(120) NOT NULL,
    role character varying(20) NOT NULL,
    language character varying(2) NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    user_id bigint NOT NULL,
    availability character varying(9) NOT NULL,
    availability_since timestamp with time zone,
    preferences jsonb NOT NULL,
    time_zone character varying(64) NOT NULL,
    working_hours jsonb NOT NULL,
    capacity_points smallint DEFAULT 10 NOT NULL,
    CONSTRAINT people_agent_capacity_points_check CHECK ((capacity_points >= 0))
);
CREATE TABLE public.people_agent_brands (
    id bigint NOT NULL,
    agent_id bigint NOT NULL,
    brand_id bigint NOT NULL
);
ALTER TABLE public.people_agent_brands ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.people_agent_brands_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE public.people_agent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.people_agent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.people_agent_teams (
    id bigint NOT NULL,
    agent_id bigint NOT NULL,
    team_id bigint NOT NULL
);
ALTER TABLE public.people_agent_teams ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.people_agent_teams_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.people_agentskill (
    id bigint NOT NULL,
    level smallint NOT NULL,
    agent_id bigint NOT NULL,
    skill_id bigint NOT NULL,
    CONSTRAINT level_is_one_to_three CHECK (((level >= 1) AND (level <= 3))),
    CONSTRAINT people_agentskill_level_check CHECK ((level >= 0))
);
ALTER TABLE public.people_agentskill ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.people_agentskill_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.people_signinlink (
    id bigint NOT NULL,
    digest character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    user_id bigint NOT NULL,
    is_invitation boolean NOT NULL
);
ALTER TABLE public.people_signinlink ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.people_signinlink_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.people_skill (
    id bigint NOT NULL,
    kind character varying(8) NOT NULL,
    name character varying(60) NOT NULL
);
ALTER TABLE public.people_skill ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.people_skill_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.people_team (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    purpose character varying(12) NOT NULL,
    takes_by_answering boolean DEFAULT true NOT NULL
);
ALTER TABLE public.people_team ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.people_team_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.people_user (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    is_staff boolean NOT NULL,
    is_active boolean NOT NULL,
    date_joined timestamp with time zone NOT NULL,
    email character varying(254) NOT NULL
);
CREATE TABLE public.people_user_groups (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    group_id integer NOT NULL
);
ALTER TABLE public.people_user_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.people_user_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE public.people_user ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.people_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.people_user_user_permissions (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.people_user_user_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.people_user_user_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);
CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;
CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;
CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;
CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.reporting_countedconversation (
    conversation_id bigint NOT NULL,
    intent character varying(15) NOT NULL,
    began_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    resolved_at timestamp with time zone,
    first_reply_s integer,
    resolution_s integer,
    first_reply_promise smallint NOT NULL,
    resolution_promise smallint NOT NULL,
    transfer_count smallint NOT NULL,
    reopening_count smallint NOT NULL,
    account_id bigint NOT NULL,
    reason_id bigint,
    replied_by_id bigint,
    reply_team_id bigint,
    resolved_by_id bigint,
    team_id bigint,
    CONSTRAINT answered_after_some_time CHECK ((((answered_at IS NULL) AND (first_reply_s IS NULL)) OR ((answered_at IS NOT NULL) AND (first_reply_s IS NOT NULL)))),
    CONSTRAINT reporting_countedconversation_first_reply_promise_check CHECK ((first_reply_promise >= 0)),
    CONSTRAINT reporting_countedconversation_first_reply_s_check CHECK ((first_reply_s >= 0)),
    CONSTRAINT reporting_countedconversation_reopening_count_check CHECK ((reopening_count >= 0)),
    CONSTRAINT reporting_countedconversation_resolution_promise_check CHECK ((resolution_promise >= 0)),
    CONSTRAINT reporting_countedconversation_resolution_s_check CHECK ((resolution_s >= 0)),
    CONSTRAINT reporting_countedconversation_transfer_count_check CHECK ((transfer_count >= 0)),
    CONSTRAINT resolved_after_some_time CHECK ((((resolution_s IS NULL) AND (resolved_at IS NULL)) OR ((resolution_s IS NOT NULL) AND (resolved_at IS NOT NULL))))
);
CREATE TABLE public.reporting_openspell (
    id bigint NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    account_id bigint NOT NULL,
    counted_id bigint NOT NULL,
    team_id bigint,
    CONSTRAINT spell_ends_after_it_begins CHECK (((ended_at IS NULL) OR (ended_at > began_at)))
);
ALTER TABLE public.reporting_openspell ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.reporting_openspell_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.reporting_pastcounting (
    key smallint NOT NULL,
    reached bigint NOT NULL,
    until bigint NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT one_counting_of_the_past CHECK ((key = 1)),
    CONSTRAINT reporting_pastcounting_key_check CHECK ((key >= 0))
);
CREATE TABLE public.routing_agentturn (
    agent_id bigint NOT NULL,
    last_given_at timestamp with time zone NOT NULL
);
CREATE TABLE public.routing_channelweight (
    channel character varying(30) NOT NULL,
    points smallint NOT NULL,
    CONSTRAINT routing_channelweight_points_check CHECK ((points >= 0)),
    CONSTRAINT weight_is_1_to_100_points CHECK (((points >= 1) AND (points <= 100)))
);
CREATE TABLE public.routing_route (
    conversation_id bigint NOT NULL,
    strategy character varying(11) DEFAULT ''::character varying NOT NULL,
    needs jsonb DEFAULT '[]'::jsonb NOT NULL,
    revision_ids bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    is_under_our_post boolean DEFAULT false NOT NULL,
    awaits_reading boolean DEFAULT false NOT NULL,
    routed_at timestamp with time zone NOT NULL,
    queued_at timestamp with time zone NOT NULL,
    last_agent_id bigint,
    overflowed_from_id bigint,
    released_by_id bigint,
    team_id bigint
);
CREATE TABLE public.routing_routingrule (
    id bigint NOT NULL,
    "position" integer NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    revision_id bigint NOT NULL,
    CONSTRAINT routing_routingrule_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.routing_routingrule ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.routing_routingrule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.routing_rulebook (
    id smallint NOT NULL,
    version uuid NOT NULL,
    CONSTRAINT one_rule_book CHECK ((id = 1)),
    CONSTRAINT routing_rulebook_id_check CHECK ((id >= 0))
);
CREATE TABLE public.routing_rulerevision (
    id bigint NOT NULL,
    conditions jsonb NOT NULL,
    effects jsonb NOT NULL,
    goes_on boolean NOT NULL,
    made_at timestamp with time zone NOT NULL
);
ALTER TABLE public.routing_rulerevision ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.routing_rulerevision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.routing_teamrouting (
    team_id bigint NOT NULL,
    strategy character varying(11) NOT NULL,
    same_agent_within interval,
    overflow_after interval,
    returns_after interval,
    overflow_team_id bigint,
    CONSTRAINT overflow_goes_elsewhere CHECK (((overflow_team_id IS NULL) OR (NOT ((overflow_team_id = team_id) AND (overflow_team_id IS NOT NULL)))))
);
CREATE TABLE public.sla_clockpause (
    id bigint NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    clock_id bigint NOT NULL,
    CONSTRAINT pause_ends_after_it_begins CHECK ((ended_at > began_at))
);
ALTER TABLE public.sla_clockpause ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sla_clockpause_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.sla_clockwarning (
    id bigint NOT NULL,
    fell_at timestamp with time zone NOT NULL,
    given_at timestamp with time zone NOT NULL,
    acted_at timestamp with time zone,
    clock_id bigint NOT NULL,
    warning_id bigint NOT NULL
);
ALTER TABLE public.sla_clockwarning ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sla_clockwarning_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.sla_exceptionalday (
    id bigint NOT NULL,
    falls_on date NOT NULL,
    spans jsonb NOT NULL,
    reason character varying(120) NOT NULL,
    calendar_id bigint NOT NULL
);
ALTER TABLE public.sla_exceptionalday ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sla_exceptionalday_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.sla_openingcalendar (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    time_zone character varying(64) NOT NULL,
    weekly_hours jsonb,
    country character varying(2) NOT NULL,
    subdivision character varying(40) NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    account_id bigint,
    brand_id bigint,
    team_id bigint,
    CONSTRAINT calendar_of_exactly_one CHECK ((((account_id IS NULL) AND (brand_id IS NOT NULL) AND (team_id IS NULL)) OR ((account_id IS NULL) AND (brand_id IS NULL) AND (team_id IS NOT NULL)) OR ((account_id IS NOT NULL) AND (brand_id IS NULL) AND (team_id IS NULL))))
);
ALTER TABLE public.sla_openingcalendar ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sla_openingcalendar_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.sla_policywarning (
    id bigint NOT NULL,
    from_due interval NOT NULL,
    tells character varying(11)[] DEFAULT '{}'::character varying(11)[] NOT NULL,
    raises_priority boolean DEFAULT false NOT NULL,
    gives_back boolean DEFAULT false NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    holds_from timestamp with time zone NOT NULL,
    escalates_to_id bigint,
    policy_id bigint NOT NULL
);
ALTER TABLE public.sla_policywarning ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sla_policywarning_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.sla_recomputation (
    id bigint NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    is_superseded boolean NOT NULL,
    total_conversations integer,
    done_conversations integer NOT NULL,
    done_clocks integer NOT NULL,
    moved_clocks integer NOT NULL,
    reached_conversation bigint NOT NULL,
    CONSTRAINT sla_recomputation_done_clocks_check CHECK ((done_clocks >= 0)),
    CONSTRAINT sla_recomputation_done_conversations_check CHECK ((done_conversations >= 0)),
    CONSTRAINT sla_recomputation_moved_clocks_check CHECK ((moved_clocks >= 0)),
    CONSTRAINT sla_recomputation_total_conversations_check CHECK ((total_conversations >= 0))
);
ALTER TABLE public.sla_recomputation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sla_recomputation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.sla_slaclock (
    id bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    stopped_at timestamp with time zone,
    breached_at timestamp with time zone,
    conversation_id bigint,
    policy_id bigint NOT NULL,
    is_abandoned boolean DEFAULT false NOT NULL,
    promise character varying(12) DEFAULT 'first_reply'::character varying NOT NULL,
    consultation_id bigint,
    hand_off_id bigint,
    matter_id bigint,
    next_warning_at timestamp with time zone,
    paused_at timestamp with time zone,
    is_waived boolean DEFAULT false NOT NULL,
    CONSTRAINT clock_of_exactly_one CHECK ((((consultation_id IS NULL) AND (conversation_id IS NOT NULL) AND (hand_off_id IS NULL) AND (matter_id IS NULL)) OR ((consultation_id IS NULL) AND (conversation_id IS NULL) AND (hand_off_id IS NOT NULL) AND (matter_id IS NULL)) OR ((consultation_id IS NOT NULL) AND (conversation_id IS NULL) AND (hand_off_id IS NULL) AND (matter_id IS NULL)) OR ((consultation_id IS NULL) AND (conversation_id IS NULL) AND (hand_off_id IS NULL) AND (matter_id IS NOT NULL)))),
    CONSTRAINT only_what_runs_is_paused CHECK (((paused_at IS NULL) OR (stopped_at IS NULL)))
);
ALTER TABLE public.sla_slaclock ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sla_slaclock_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.sla_slapolicy (
    id bigint NOT NULL,
    promise character varying(12) NOT NULL,
    target interval,
    brand_id bigint,
    is_active boolean DEFAULT true NOT NULL,
    is_in_working_time boolean DEFAULT false NOT NULL,
    is_public boolean,
    kinds character varying(30)[] DEFAULT '{}'::character varying(30)[] NOT NULL,
    "position" integer NOT NULL,
    target_working_days smallint,
    team_id bigint,
    working_week character varying(11) DEFAULT 'opening'::character varying NOT NULL,
    pauses character varying(8) DEFAULT ''::character varying NOT NULL,
    card_field character varying(80) DEFAULT ''::character varying NOT NULL,
    card_values character varying(200)[] DEFAULT '{}'::character varying(200)[] NOT NULL,
    customer_tags character varying(40)[] DEFAULT '{}'::character varying(40)[] NOT NULL,
    languages character varying(12)[] DEFAULT '{}'::character varying(12)[] NOT NULL,
    least_priority smallint,
    topic_id bigint,
    intents character varying(15)[] DEFAULT '{}'::character varying(15)[] NOT NULL,
    CONSTRAINT policy_has_one_target CHECK ((((target IS NOT NULL) AND (target_working_days IS NULL)) OR (is_in_working_time AND (target IS NULL) AND (target_working_days IS NOT NULL)))),
    CONSTRAINT policy_names_a_field_with_its_values CHECK (((((card_field)::text = ''::text) AND (card_values = '{}'::character varying(200)[])) OR ((NOT ((card_field)::text = ''::text)) AND (NOT (card_values = '{}'::character varying(200)[]))))),
    CONSTRAINT sla_slapolicy_least_priority_check CHECK ((least_priority >= 0)),
    CONSTRAINT sla_slapolicy_position_check CHECK (("position" >= 0)),
    CONSTRAINT sla_slapolicy_target_working_days_check CHECK ((target_working_days >= 0))
);
ALTER TABLE public.sla_slapolicy ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sla_slapolicy_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.socialaccount_socialaccount (
    id integer NOT NULL,
    provider character varying(200) NOT NULL,
    uid character varying(191) NOT NULL,
    last_login timestamp with time zone NOT NULL,
    date_joined timestamp with time zone NOT NULL,
    extra_data jsonb NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE public.socialaccount_socialaccount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.socialaccount_socialaccount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.socialaccount_socialapp (
    id integer NOT NULL,
    provider character varying(30) NOT NULL,
    name character varying(40) NOT NULL,
    client_id character varying(191) NOT NULL,
    secret character varying(191) NOT NULL,
    key character varying(191) NOT NULL,
    provider_id character varying(200) NOT NULL,
    settings jsonb NOT NULL
);
ALTER TABLE public.socialaccount_socialapp ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.socialaccount_socialapp_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.socialaccount_socialtoken (
    id integer NOT NULL,
    token text NOT NULL,
    token_secret text NOT NULL,
    expires_at timestamp with time zone,
    account_id integer NOT NULL,
    app_id integer
);
ALTER TABLE public.socialaccount_socialtoken ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.socialaccount_socialtoken_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.usersessions_usersession (
    id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ip inet NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    session_key character varying(40) NOT NULL,
    user_agent character varying(200) NOT NULL,
    data jsonb NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE public.usersessions_usersession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.usersessions_usersession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);
ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);
ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);
ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);
ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);
ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.analysis_contactreason
    ADD CONSTRAINT analysis_contactreason_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.analysis_conversationreading
    ADD CONSTRAINT analysis_conversationreading_pkey PRIMARY KEY (conversation_id);
ALTER TABLE ONLY public.analysis_correction
    ADD CONSTRAINT analysis_correction_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.analysis_knownname
    ADD CONSTRAINT analysis_knownname_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.analysis_messageanalysis
    ADD CONSTRAINT analysis_messageanalysis_pkey PRIMARY KEY (message_id);
ALTER TABLE ONLY public.analysis_messagetopic
    ADD CONSTRAINT analysis_messagetopic_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.analysis_messagetoread
    ADD CONSTRAINT analysis_messagetoread_pkey PRIMARY KEY (message_id);
ALTER TABLE ONLY public.analysis_namedinmessage
    ADD CONSTRAINT analysis_namedinmessage_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.analysis_reasonexample
    ADD CONSTRAINT analysis_reasonexample_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.analysis_reasonhead
    ADD CONSTRAINT analysis_reasonhead_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.analysis_replytone
    ADD CONSTRAINT analysis_replytone_pkey PRIMARY KEY (message_id);
ALTER TABLE ONLY public.analysis_replytoread
    ADD CONSTRAINT analysis_replytoread_pkey PRIMARY KEY (message_id);
ALTER TABLE ONLY public.analysis_sweepprogress
    ADD CONSTRAINT analysis_sweepprogress_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.analysis_trainedheads
    ADD CONSTRAINT analysis_trainedheads_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.analysis_writerday
    ADD CONSTRAINT analysis_writerday_pkey PRIMARY KEY (day);
ALTER TABLE ONLY public.api_apitoken
    ADD CONSTRAINT api_apitoken_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.api_apitoken
    ADD CONSTRAINT api_apitoken_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.api_idempotentanswer
    ADD CONSTRAINT api_idempotentanswer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.automations_automation
    ADD CONSTRAINT automations_automation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.automations_automation
    ADD CONSTRAINT automations_automation_revision_id_key UNIQUE (revision_id);
ALTER TABLE ONLY public.automations_automationrevision
    ADD CONSTRAINT automations_automationrevision_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.automations_automationrun
    ADD CONSTRAINT automations_automationrun_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.automations_macro
    ADD CONSTRAINT automations_macro_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bot_botnote
    ADD CONSTRAINT bot_botnote_pkey PRIMARY KEY (note_id);
ALTER TABLE ONLY public.bot_botsettings
    ADD CONSTRAINT bot_botsettings_account_id_key UNIQUE (account_id);
ALTER TABLE ONLY public.bot_botsettings
    ADD CONSTRAINT bot_botsettings_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bot_botswitch
    ADD CONSTRAINT bot_botswitch_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.bot_cataloguesurety
    ADD CONSTRAINT bot_cataloguesurety_pkey PRIMARY KEY (least_per_cent);
ALTER TABLE ONLY public.bot_comparison
    ADD CONSTRAINT bot_comparison_pkey PRIMARY KEY (decision_id);
ALTER TABLE ONLY public.bot_decision
    ADD CONSTRAINT bot_decision_message_id_key UNIQUE (message_id);
ALTER TABLE ONLY public.bot_decision
    ADD CONSTRAINT bot_decision_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bot_decision
    ADD CONSTRAINT bot_decision_reply_id_key UNIQUE (reply_id);
ALTER TABLE ONLY public.bot_decisiontomake
    ADD CONSTRAINT bot_decisiontomake_pkey PRIMARY KEY (message_id);
ALTER TABLE ONLY public.bot_entryrest
    ADD CONSTRAINT bot_entryrest_pkey PRIMARY KEY (entry_id);
ALTER TABLE ONLY public.bot_entrytarget
    ADD CONSTRAINT bot_entrytarget_pkey PRIMARY KEY (entry_id);
ALTER TABLE ONLY public.bot_learntmessage
    ADD CONSTRAINT bot_learntmessage_pkey PRIMARY KEY (message_id);
ALTER TABLE ONLY public.bot_ruling
    ADD CONSTRAINT bot_ruling_decision_id_key UNIQUE (decision_id);
ALTER TABLE ONLY public.bot_ruling
    ADD CONSTRAINT bot_ruling_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bot_ruling
    ADD CONSTRAINT bot_ruling_reply_id_key UNIQUE (reply_id);
ALTER TABLE ONLY public.bot_topicmode
    ADD CONSTRAINT bot_topicmode_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.brands_brand
    ADD CONSTRAINT brands_brand_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.brands_brand
    ADD CONSTRAINT brands_brand_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.catalogue_answerfile
    ADD CONSTRAINT catalogue_answerfile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.catalogue_answervariant
    ADD CONSTRAINT catalogue_answervariant_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.catalogue_cannedfile
    ADD CONSTRAINT catalogue_cannedfile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.catalogue_cannedresponse
    ADD CONSTRAINT catalogue_cannedresponse_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.catalogue_catalogueedition
    ADD CONSTRAINT catalogue_catalogueedition_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.catalogue_catalogueentry
    ADD CONSTRAINT catalogue_catalogueentry_key_key UNIQUE (key);
ALTER TABLE ONLY public.catalogue_catalogueentry
    ADD CONSTRAINT catalogue_catalogueentry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.catalogue_cataloguefile
    ADD CONSTRAINT catalogue_cataloguefile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.catalogue_entryuse
    ADD CONSTRAINT catalogue_entryuse_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.catalogue_entryversion
    ADD CONSTRAINT catalogue_entryversion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.catalogue_knowledgegap
    ADD CONSTRAINT catalogue_knowledgegap_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.catalogue_phrasing
    ADD CONSTRAINT catalogue_phrasing_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.catalogue_textvector
    ADD CONSTRAINT catalogue_textvector_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.channels_accounthealth
    ADD CONSTRAINT channels_accounthealth_pkey PRIMARY KEY (account_id);
ALTER TABLE ONLY public.channels_channelaccount_reserved_for
    ADD CONSTRAINT channels_channelaccount__channelaccount_id_team_i_92d210ea_uniq UNIQUE (channelaccount_id, team_id);
ALTER TABLE ONLY public.channels_channelaccount
    ADD CONSTRAINT channels_channelaccount_hook_key_key UNIQUE (hook_key);
ALTER TABLE ONLY public.channels_channelaccount
    ADD CONSTRAINT channels_channelaccount_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.channels_channelaccount_reserved_for
    ADD CONSTRAINT channels_channelaccount_reserved_for_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.channels_figure
    ADD CONSTRAINT channels_figure_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.channels_messagetemplate
    ADD CONSTRAINT channels_messagetemplate_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.channels_threadholder
    ADD CONSTRAINT channels_threadholder_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contacts_contact
    ADD CONSTRAINT contacts_contact_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contacts_contactidentity
    ADD CONSTRAINT contacts_contactidentity_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contacts_contactmerge
    ADD CONSTRAINT contacts_contactmerge_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contacts_identityalias
    ADD CONSTRAINT contacts_identityalias_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contacts_identitylink
    ADD CONSTRAINT contacts_identitylink_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_attachment
    ADD CONSTRAINT conversations_attachment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_consultation
    ADD CONSTRAINT conversations_consultation_note_id_key UNIQUE (note_id);
ALTER TABLE ONLY public.conversations_consultation
    ADD CONSTRAINT conversations_consultation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_conversation_tags
    ADD CONSTRAINT conversations_conversati_conversation_id_tag_id_0eac9a22_uniq UNIQUE (conversation_id, tag_id);
ALTER TABLE ONLY public.conversations_conversation
    ADD CONSTRAINT conversations_conversation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_conversation_tags
    ADD CONSTRAINT conversations_conversation_tags_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_draft
    ADD CONSTRAINT conversations_draft_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_draftfile
    ADD CONSTRAINT conversations_draftfile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_following
    ADD CONSTRAINT conversations_following_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_formertext
    ADD CONSTRAINT conversations_formertext_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_handoff
    ADD CONSTRAINT conversations_handoff_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_joinedconversation
    ADD CONSTRAINT conversations_joinedconversation_conversation_id_key UNIQUE (conversation_id);
ALTER TABLE ONLY public.conversations_joinedconversation
    ADD CONSTRAINT conversations_joinedconversation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_matter
    ADD CONSTRAINT conversations_matter_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_message
    ADD CONSTRAINT conversations_message_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_messagepart
    ADD CONSTRAINT conversations_messagepart_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_note
    ADD CONSTRAINT conversations_note_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_notemention
    ADD CONSTRAINT conversations_notemention_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_reaction
    ADD CONSTRAINT conversations_reaction_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_readmark
    ADD CONSTRAINT conversations_readmark_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_searchperson
    ADD CONSTRAINT conversations_searchperson_identity_id_key UNIQUE (identity_id);
ALTER TABLE ONLY public.conversations_searchperson
    ADD CONSTRAINT conversations_searchperson_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_searchprogress
    ADD CONSTRAINT conversations_searchprogress_pkey PRIMARY KEY (kind);
ALTER TABLE ONLY public.conversations_searchsubject
    ADD CONSTRAINT conversations_searchsubject_conversation_id_key UNIQUE (conversation_id);
ALTER TABLE ONLY public.conversations_searchsubject
    ADD CONSTRAINT conversations_searchsubject_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_searchtext
    ADD CONSTRAINT conversations_searchtext_message_id_key UNIQUE (message_id);
ALTER TABLE ONLY public.conversations_searchtext
    ADD CONSTRAINT conversations_searchtext_note_id_key UNIQUE (note_id);
ALTER TABLE ONLY public.conversations_searchtext
    ADD CONSTRAINT conversations_searchtext_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_tag
    ADD CONSTRAINT conversations_tag_name_key UNIQUE (name);
ALTER TABLE ONLY public.conversations_tag
    ADD CONSTRAINT conversations_tag_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations_wordedact
    ADD CONSTRAINT conversations_wordedact_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.core_heartbeat
    ADD CONSTRAINT core_heartbeat_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.core_remembered
    ADD CONSTRAINT core_remembered_pkey PRIMARY KEY (cache_key);
ALTER TABLE ONLY public.delivery_attempt
    ADD CONSTRAINT delivery_attempt_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.delivery_moderation
    ADD CONSTRAINT delivery_moderation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.delivery_sendbudget
    ADD CONSTRAINT delivery_sendbudget_pkey PRIMARY KEY (account_id);
ALTER TABLE ONLY public.desk_bulkact
    ADD CONSTRAINT desk_bulkact_key_key UNIQUE (key);
ALTER TABLE ONLY public.desk_bulkact
    ADD CONSTRAINT desk_bulkact_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.desk_bulkchange
    ADD CONSTRAINT desk_bulkchange_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.desk_callback
    ADD CONSTRAINT desk_callback_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.desk_inboxview
    ADD CONSTRAINT desk_inboxview_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.desk_invitation
    ADD CONSTRAINT desk_invitation_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.desk_invitation
    ADD CONSTRAINT desk_invitation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY public.events_event
    ADD CONSTRAINT events_event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.events_follower
    ADD CONSTRAINT events_follower_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.intake_contextpost
    ADD CONSTRAINT intake_contextpost_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.intake_earlychange
    ADD CONSTRAINT intake_earlychange_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.intake_historyreading
    ADD CONSTRAINT intake_historyreading_pkey PRIMARY KEY (account_id);
ALTER TABLE ONLY public.intake_importrun
    ADD CONSTRAINT intake_importrun_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.intake_rawdelivery
    ADD CONSTRAINT intake_rawdelivery_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notifications_notice_mailed_to
    ADD CONSTRAINT notifications_notice_mailed_to_notice_id_agent_id_c450a47b_uniq UNIQUE (notice_id, agent_id);
ALTER TABLE ONLY public.notifications_notice_mailed_to
    ADD CONSTRAINT notifications_notice_mailed_to_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notifications_notice
    ADD CONSTRAINT notifications_notice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notifications_notification
    ADD CONSTRAINT notifications_notification_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notifications_pushsubscription
    ADD CONSTRAINT notifications_pushsubscription_endpoint_key UNIQUE (endpoint);
ALTER TABLE ONLY public.notifications_pushsubscription
    ADD CONSTRAINT notifications_pushsubscription_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notifications_webhookdelivery
    ADD CONSTRAINT notifications_webhookdelivery_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notifications_webhookendpoint_warnings
    ADD CONSTRAINT notifications_webhookend_webhookendpoint_id_polic_95e380f5_uniq UNIQUE (webhookendpoint_id, policywarning_id);
ALTER TABLE ONLY public.notifications_webhookendpoint
    ADD CONSTRAINT notifications_webhookendpoint_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notifications_webhookendpoint_warnings
    ADD CONSTRAINT notifications_webhookendpoint_warnings_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.api_idempotentanswer
    ADD CONSTRAINT one_answer_per_idempotency_key UNIQUE (token_id, key);
ALTER TABLE ONLY public.conversations_attachment
    ADD CONSTRAINT one_attachment_per_position UNIQUE (message_id, "position");
ALTER TABLE ONLY public.delivery_attempt
    ADD CONSTRAINT one_attempt_per_number UNIQUE (message_id, number);
ALTER TABLE ONLY public.bot_topicmode
    ADD CONSTRAINT one_bot_mode_per_account_and_topic UNIQUE (settings_id, reason_id);
ALTER TABLE ONLY public.desk_bulkchange
    ADD CONSTRAINT one_change_per_conversation_and_act UNIQUE (bulk_act_id, conversation_id);
ALTER TABLE ONLY public.conversations_consultation
    ADD CONSTRAINT one_consultation_per_token UNIQUE (mail_token);
ALTER TABLE ONLY public.analysis_contactreason
    ADD CONSTRAINT one_contact_reason_per_place_and_name UNIQUE NULLS NOT DISTINCT (parent_id, brand_id, name);
ALTER TABLE ONLY public.intake_contextpost
    ADD CONSTRAINT one_context_post_per_id UNIQUE (account_id, external_id);
ALTER TABLE ONLY public.conversations_conversation
    ADD CONSTRAINT one_conversation_per_token UNIQUE (thread_token);
ALTER TABLE ONLY public.notifications_webhookdelivery
    ADD CONSTRAINT one_delivery_per_endpoint_and_event UNIQUE (endpoint_id, event_id);
ALTER TABLE ONLY public.conversations_draft
    ADD CONSTRAINT one_draft_per_agent_and_conversation UNIQUE (conversation_id, agent_id);
ALTER TABLE ONLY public.intake_earlychange
    ADD CONSTRAINT one_early_change_of_a_kind UNIQUE (account_id, target_id, fingerprint);
ALTER TABLE ONLY public.analysis_reasonexample
    ADD CONSTRAINT one_example_per_reason_and_text UNIQUE (reason_id, text);
ALTER TABLE ONLY public.sla_exceptionalday
    ADD CONSTRAINT one_exception_a_day UNIQUE (calendar_id, falls_on);
ALTER TABLE ONLY public.channels_figure
    ADD CONSTRAINT one_figure_a_day UNIQUE (account_id, name, external_id, measured_on);
ALTER TABLE ONLY public.conversations_following
    ADD CONSTRAINT one_following_per_agent_and_conversation UNIQUE (agent_id, conversation_id);
ALTER TABLE ONLY public.channels_threadholder
    ADD CONSTRAINT one_holder_per_thread UNIQUE (account_id, thread_id);
ALTER TABLE ONLY public.contacts_contactidentity
    ADD CONSTRAINT one_identity_per_network_person UNIQUE (channel, scope, external_id);
ALTER TABLE ONLY public.intake_importrun
    ADD CONSTRAINT one_import_per_source UNIQUE (account_id, source);
ALTER TABLE ONLY public.people_agentskill
    ADD CONSTRAINT one_level_per_agent_and_skill UNIQUE (agent_id, skill_id);
ALTER TABLE ONLY public.contacts_identitylink
    ADD CONSTRAINT one_link_per_pair_of_identities UNIQUE (one_id, other_id);
ALTER TABLE ONLY public.conversations_notemention
    ADD CONSTRAINT one_mention_per_note_and_agent UNIQUE (note_id, agent_id);
ALTER TABLE ONLY public.conversations_message
    ADD CONSTRAINT one_message_per_key UNIQUE (key);
ALTER TABLE ONLY public.analysis_namedinmessage
    ADD CONSTRAINT one_naming_per_message_and_name UNIQUE (name_id, message_id);
ALTER TABLE ONLY public.conversations_note
    ADD CONSTRAINT one_note_per_key UNIQUE (key);
ALTER TABLE ONLY public.conversations_messagepart
    ADD CONSTRAINT one_part_per_external_id UNIQUE (account_id, external_id);
ALTER TABLE ONLY public.sla_clockpause
    ADD CONSTRAINT one_pause_at_a_time UNIQUE (clock_id, began_at);
ALTER TABLE ONLY public.contacts_identityalias
    ADD CONSTRAINT one_person_per_alias UNIQUE (channel, scope, external_id);
ALTER TABLE ONLY public.conversations_reaction
    ADD CONSTRAINT one_reaction_of_a_kind_per_person UNIQUE (message_id, identity_id, reaction);
ALTER TABLE ONLY public.conversations_readmark
    ADD CONSTRAINT one_read_mark_per_agent_and_conversation UNIQUE (agent_id, conversation_id);
ALTER TABLE ONLY public.analysis_reasonhead
    ADD CONSTRAINT one_reason_head_per_brand UNIQUE NULLS NOT DISTINCT (brand_id);
ALTER TABLE ONLY public.channels_messagetemplate
    ADD CONSTRAINT one_template_per_name_and_language UNIQUE (account_id, name, language);
ALTER TABLE ONLY public.analysis_messagetopic
    ADD CONSTRAINT one_topic_per_message_and_reason UNIQUE (analysis_id, reason_id);
ALTER TABLE ONLY public.catalogue_entryuse
    ADD CONSTRAINT one_use_per_message_and_entry UNIQUE (message_id, entry_id);
ALTER TABLE ONLY public.catalogue_answervariant
    ADD CONSTRAINT one_variant_per_occasion UNIQUE (entry_id, language, channel, register, visibility);
ALTER TABLE ONLY public.catalogue_textvector
    ADD CONSTRAINT one_vector_per_text UNIQUE (embedder, digest);
ALTER TABLE ONLY public.catalogue_entryversion
    ADD CONSTRAINT one_version_per_number UNIQUE (entry_id, number);
ALTER TABLE ONLY public.desk_inboxview
    ADD CONSTRAINT one_view_per_owner_and_name UNIQUE NULLS NOT DISTINCT (owner_id, name);
ALTER TABLE ONLY public.sla_policywarning
    ADD CONSTRAINT one_warning_at_a_moment UNIQUE (policy_id, from_due);
ALTER TABLE ONLY public.sla_clockwarning
    ADD CONSTRAINT one_warning_for_each_instant UNIQUE (clock_id, warning_id, fell_at);
ALTER TABLE ONLY public.people_agent_brands
    ADD CONSTRAINT people_agent_brands_agent_id_brand_id_29ef5df1_uniq UNIQUE (agent_id, brand_id);
ALTER TABLE ONLY public.people_agent_brands
    ADD CONSTRAINT people_agent_brands_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_agent
    ADD CONSTRAINT people_agent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_agent_teams
    ADD CONSTRAINT people_agent_teams_agent_id_team_id_da530545_uniq UNIQUE (agent_id, team_id);
ALTER TABLE ONLY public.people_agent_teams
    ADD CONSTRAINT people_agent_teams_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_agent
    ADD CONSTRAINT people_agent_user_id_key UNIQUE (user_id);
ALTER TABLE ONLY public.people_agentskill
    ADD CONSTRAINT people_agentskill_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_signinlink
    ADD CONSTRAINT people_signinlink_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.people_signinlink
    ADD CONSTRAINT people_signinlink_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_skill
    ADD CONSTRAINT people_skill_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_team
    ADD CONSTRAINT people_team_name_key UNIQUE (name);
ALTER TABLE ONLY public.people_team
    ADD CONSTRAINT people_team_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_user
    ADD CONSTRAINT people_user_email_key UNIQUE (email);
ALTER TABLE ONLY public.people_user_groups
    ADD CONSTRAINT people_user_groups_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_user_groups
    ADD CONSTRAINT people_user_groups_user_id_group_id_60378d34_uniq UNIQUE (user_id, group_id);
ALTER TABLE ONLY public.people_user
    ADD CONSTRAINT people_user_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_user_user_permissions
    ADD CONSTRAINT people_user_user_permiss_user_id_permission_id_a7ac6748_uniq UNIQUE (user_id, permission_id);
ALTER TABLE ONLY public.people_user_user_permissions
    ADD CONSTRAINT people_user_user_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);
ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.reporting_countedconversation
    ADD CONSTRAINT reporting_countedconversation_pkey PRIMARY KEY (conversation_id);
ALTER TABLE ONLY public.reporting_openspell
    ADD CONSTRAINT reporting_openspell_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.reporting_pastcounting
    ADD CONSTRAINT reporting_pastcounting_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.routing_agentturn
    ADD CONSTRAINT routing_agentturn_pkey PRIMARY KEY (agent_id);
ALTER TABLE ONLY public.routing_channelweight
    ADD CONSTRAINT routing_channelweight_pkey PRIMARY KEY (channel);
ALTER TABLE ONLY public.routing_route
    ADD CONSTRAINT routing_route_pkey PRIMARY KEY (conversation_id);
ALTER TABLE ONLY public.routing_routingrule
    ADD CONSTRAINT routing_routingrule_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.routing_routingrule
    ADD CONSTRAINT routing_routingrule_revision_id_key UNIQUE (revision_id);
ALTER TABLE ONLY public.routing_rulebook
    ADD CONSTRAINT routing_rulebook_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.routing_rulerevision
    ADD CONSTRAINT routing_rulerevision_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.routing_teamrouting
    ADD CONSTRAINT routing_teamrouting_pkey PRIMARY KEY (team_id);
ALTER TABLE ONLY public.sla_clockpause
    ADD CONSTRAINT sla_clockpause_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sla_clockwarning
    ADD CONSTRAINT sla_clockwarning_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sla_exceptionalday
    ADD CONSTRAINT sla_exceptionalday_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sla_openingcalendar
    ADD CONSTRAINT sla_openingcalendar_account_id_key UNIQUE (account_id);
ALTER TABLE ONLY public.sla_openingcalendar
    ADD CONSTRAINT sla_openingcalendar_brand_id_key UNIQUE (brand_id);
ALTER TABLE ONLY public.sla_openingcalendar
    ADD CONSTRAINT sla_openingcalendar_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sla_openingcalendar
    ADD CONSTRAINT sla_openingcalendar_team_id_key UNIQUE (team_id);
ALTER TABLE ONLY public.sla_policywarning
    ADD CONSTRAINT sla_policywarning_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sla_recomputation
    ADD CONSTRAINT sla_recomputation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sla_slaclock
    ADD CONSTRAINT sla_slaclock_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sla_slapolicy
    ADD CONSTRAINT sla_slapolicy_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.socialaccount_socialaccount
    ADD CONSTRAINT socialaccount_socialaccount_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.socialaccount_socialaccount
    ADD CONSTRAINT socialaccount_socialaccount_provider_uid_fc810c6e_uniq UNIQUE (provider, uid);
ALTER TABLE ONLY public.socialaccount_socialapp
    ADD CONSTRAINT socialaccount_socialapp_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_socialtoken_app_id_account_id_fca4e0ac_uniq UNIQUE (app_id, account_id);
ALTER TABLE ONLY public.socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_socialtoken_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_session_key_key UNIQUE (session_key);
CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);
CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);
CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);
CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);
CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);
CREATE INDEX analysis_by_time ON public.analysis_messageanalysis USING brin (read_at) WITH (autosummarize='on');
CREATE INDEX analysis_contactreason_brand_id_ea2490d9 ON public.analysis_contactreason USING btree (brand_id);
CREATE INDEX analysis_contactreason_parent_id_ef65a2b1 ON public.analysis_contactreason USING btree (parent_id);
CREATE INDEX analysis_correction_agent_id_35f52199 ON public.analysis_correction USING btree (agent_id);
CREATE INDEX analysis_knownname_brand_id_5cb408db ON public.analysis_knownname USING btree (brand_id);
CREATE INDEX analysis_messagetopic_reason_id_103f13c1 ON public.analysis_messagetopic USING btree (reason_id);
CREATE INDEX analysis_namedinmessage_message_id_fb030048 ON public.analysis_namedinmessage USING btree (message_id);
CREATE INDEX analysis_reasonhead_brand_id_da55c3b1 ON public.analysis_reasonhead USING btree (brand_id);
CREATE INDEX api_apitoken_agent_id_93bcb254 ON public.api_apitoken USING btree (agent_id);
CREATE INDEX api_apitoken_digest_42d9074b_like ON public.api_apitoken USING btree (digest varchar_pattern_ops);
CREATE INDEX api_idempotentanswer_token_id_f71361a5 ON public.api_idempotentanswer USING btree (token_id);
CREATE INDEX at_hand_by_assignee ON public.conversations_conversation USING btree (assignee_id, last_message_at DESC, id DESC) WHERE ((NOT is_spam) AND ((status)::text = ANY (ARRAY[('open'::character varying)::text, ('pending'::character varying)::text])) AND (assignee_id IS NOT NULL));
CREATE INDEX at_hand_by_team ON public.conversations_conversation USING btree (team_id, last_message_at DESC, id DESC) WHERE ((NOT is_spam) AND ((status)::text = ANY (ARRAY[('open'::character varying)::text, ('pending'::character varying)::text])));
CREATE INDEX at_hand_of_nobody ON public.conversations_conversation USING btree (team_id, last_message_at DESC, id DESC) WHERE ((NOT is_spam) AND ((status)::text = ANY (ARRAY[('open'::character varying)::text, ('pending'::character varying)::text])) AND (assignee_id IS NULL));
CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);
CREATE INDEX automation_run_by_automation ON public.automations_automationrun USING btree (automation_id, id DESC);
CREATE INDEX automation_run_by_transaction ON public.automations_automationrun USING btree (transaction_id) WHERE (transaction_id IS NOT NULL);
CREATE INDEX automation_run_done ON public.automations_automationrun USING btree (automation_id, ended_at) WHERE ((state)::text = 'done'::text);
CREATE INDEX automation_run_due ON public.automations_automationrun USING btree (due_at, id) WHERE ((state)::text = 'waiting'::text);
CREATE INDEX automation_run_held ON public.automations_automationrun USING btree (automation_id, id) WHERE ((state)::text = 'held'::text);
CREATE INDEX automations_automationrevision_writer_id_07629fa2 ON public.automations_automationrevision USING btree (writer_id);
CREATE INDEX automations_automationrun_conversation_id_85875d53 ON public.automations_automationrun USING btree (conversation_id);
CREATE INDEX automations_automationrun_revision_id_49f87e60 ON public.automations_automationrun USING btree (revision_id);
CREATE INDEX automations_macro_owner_id_9079e3e1 ON public.automations_macro USING btree (owner_id);
CREATE INDEX bot_botnote_decision_id_cb4944ba ON public.bot_botnote USING btree (decision_id);
CREATE INDEX bot_botswitch_changed_by_id_90ac0e1e ON public.bot_botswitch USING btree (changed_by_id);
CREATE INDEX bot_comparison_reply_id_f19307be ON public.bot_comparison USING btree (reply_id);
CREATE INDEX bot_decision_entry_id_b04a7c58 ON public.bot_decision USING btree (entry_id);
CREATE INDEX bot_entryrest_by_id_9562829a ON public.bot_entryrest USING btree (by_id);
CREATE INDEX bot_entrytarget_set_by_id_237dc30a ON public.bot_entrytarget USING btree (set_by_id);
CREATE INDEX bot_learntmessage_version_id_9358fa38 ON public.bot_learntmessage USING btree (version_id);
CREATE INDEX bot_ruling_agent_id_b17fcd70 ON public.bot_ruling USING btree (agent_id);
CREATE INDEX bot_ruling_draft_id_ad79f493 ON public.bot_ruling USING btree (draft_id);
CREATE INDEX bot_topicmode_reason_id_e8fa0819 ON public.bot_topicmode USING btree (reason_id);
CREATE INDEX brands_brand_slug_9eee961a_like ON public.brands_brand USING btree (slug varchar_pattern_ops);
CREATE INDEX bulk_to_do ON public.desk_bulkchange USING btree (bulk_act_id, id) WHERE ((before IS NULL) AND (refusal = ''::text));
CREATE INDEX call_back_by_number ON public.desk_callback USING btree (account_id, number) WHERE ((state)::text = 'waiting'::text);
CREATE INDEX call_back_to_make ON public.desk_callback USING btree (due_at) WHERE ((state)::text = 'waiting'::text);
CREATE INDEX catalogue_answerfile_variant_id_b3b79b86 ON public.catalogue_answerfile USING btree (variant_id);
CREATE INDEX catalogue_answervariant_entry_id_1c13ab97 ON public.catalogue_answervariant USING btree (entry_id);
CREATE INDEX catalogue_cannedfile_canned_response_id_2e104f7c ON public.catalogue_cannedfile USING btree (canned_response_id);
CREATE INDEX catalogue_cannedresponse_brand_id_611912b1 ON public.catalogue_cannedresponse USING btree (brand_id);
CREATE INDEX catalogue_cannedresponse_owner_id_76d3e762 ON public.catalogue_cannedresponse USING btree (owner_id);
CREATE INDEX catalogue_catalogueentry_approved_version_id_77106867 ON public.catalogue_catalogueentry USING btree (approved_version_id);
CREATE INDEX catalogue_catalogueentry_brand_id_fefba7b5 ON public.catalogue_catalogueentry USING btree (brand_id);
CREATE INDEX catalogue_catalogueentry_key_4027369a_like ON public.catalogue_catalogueentry USING btree (key varchar_pattern_ops);
CREATE INDEX catalogue_catalogueentry_owner_id_48f3e4d7 ON public.catalogue_catalogueentry USING btree (owner_id);
CREATE INDEX catalogue_cataloguefile_by_id_ac16fb21 ON public.catalogue_cataloguefile USING btree (by_id);
CREATE INDEX catalogue_entryuse_agent_id_72f8a1c1 ON public.catalogue_entryuse USING btree (agent_id);
CREATE INDEX catalogue_entryuse_entry_id_cbffc12f ON public.catalogue_entryuse USING btree (entry_id);
CREATE INDEX catalogue_entryuse_version_id_10808b98 ON public.catalogue_entryuse USING btree (version_id);
CREATE INDEX catalogue_entryversion_author_id_a7b8d0a6 ON public.catalogue_entryversion USING btree (author_id);
CREATE INDEX catalogue_entryversion_entry_id_f5d58ec8 ON public.catalogue_entryversion USING btree (entry_id);
CREATE INDEX catalogue_entryversion_settled_by_id_4e4feebd ON public.catalogue_entryversion USING btree (settled_by_id);
CREATE INDEX catalogue_knowledgegap_brand_id_c2653a40 ON public.catalogue_knowledgegap USING btree (brand_id);
CREATE INDEX catalogue_knowledgegap_nearest_id_105c5ec3 ON public.catalogue_knowledgegap USING btree (nearest_id);
CREATE INDEX catalogue_phrasing_entry_id_8eb229fa ON public.catalogue_phrasing USING btree (entry_id);
CREATE INDEX channels_channelaccount_brand_id_787c7c7d ON public.channels_channelaccount USING btree (brand_id);
CREATE INDEX channels_channelaccount_hook_key_15f6a614_like ON public.channels_channelaccount USING btree (hook_key varchar_pattern_ops);
CREATE INDEX channels_channelaccount_reserved_for_channelaccount_id_ffb7ecc7 ON public.channels_channelaccount_reserved_for USING btree (channelaccount_id);
CREATE INDEX channels_channelaccount_reserved_for_team_id_50940641 ON public.channels_channelaccount_reserved_for USING btree (team_id);
CREATE INDEX channels_channelaccount_team_id_25ea947b ON public.channels_channelaccount USING btree (team_id);
CREATE INDEX channels_messagetemplate_account_id_cc10fdd8 ON public.channels_messagetemplate USING btree (account_id);
CREATE INDEX chat_identity_by_address ON public.contacts_contactidentity USING btree (handle) WHERE (((channel)::text = 'chat'::text) AND (NOT ((handle)::text = ''::text)));
CREATE INDEX clock_due ON public.sla_slaclock USING btree (due_at) WHERE ((breached_at IS NULL) AND (paused_at IS NULL) AND (stopped_at IS NULL));
CREATE INDEX clock_warning_due ON public.sla_slaclock USING btree (next_warning_at) WHERE ((next_warning_at IS NOT NULL) AND (paused_at IS NULL) AND (stopped_at IS NULL));
CREATE INDEX consultation_to_remind ON public.conversations_consultation USING btree (next_reminder_at) WHERE ((state)::text = 'asked'::text);
CREATE INDEX consultation_waiting ON public.conversations_consultation USING btree (expert_id, asked_at) WHERE ((state)::text = 'asked'::text);
CREATE INDEX contacts_contact_merged_into_id_940ac4a0 ON public.contacts_contact USING btree (merged_into_id);
CREATE INDEX contacts_contactidentity_contact_id_eb9adef7 ON public.contacts_contactidentity USING btree (contact_id);
CREATE INDEX contacts_contactmerge_by_id_0c3fc410 ON public.contacts_contactmerge USING btree (by_id);
CREATE INDEX contacts_contactmerge_gone_id_98b14391 ON public.contacts_contactmerge USING btree (gone_id);
CREATE INDEX contacts_contactmerge_kept_id_395194eb ON public.contacts_contactmerge USING btree (kept_id);
CREATE INDEX contacts_identityalias_identity_id_3d2ac85a ON public.contacts_identityalias USING btree (identity_id);
CREATE INDEX contacts_identitylink_other_id_48642730 ON public.contacts_identitylink USING btree (other_id);
CREATE INDEX context_by_thread ON public.intake_contextpost USING btree (account_id, thread_id);
CREATE INDEX conversation_by_activity ON public.conversations_conversation USING btree (last_message_at DESC, id DESC);
CREATE INDEX conversation_by_assignee ON public.conversations_conversation USING btree (assignee_id) WHERE (assignee_id IS NOT NULL);
CREATE INDEX conversation_by_kept_one ON public.conversations_conversation USING btree (merged_into_id) WHERE (merged_into_id IS NOT NULL);
CREATE INDEX conversation_by_thread ON public.conversations_conversation USING btree (account_id, thread_id);
CREATE INDEX conversations_attachment_message_id_9179b1e8 ON public.conversations_attachment USING btree (message_id);
CREATE INDEX conversations_consultation_asked_by_id_a0e1418d ON public.conversations_consultation USING btree (asked_by_id);
CREATE INDEX conversations_consultation_conversation_id_e05f2147 ON public.conversations_consultation USING btree (conversation_id);
CREATE INDEX conversations_conversation_contact_id_000135ab ON public.conversations_conversation USING btree (contact_id);
CREATE INDEX conversations_conversation_identity_id_b4b18dc8 ON public.conversations_conversation USING btree (identity_id);
CREATE INDEX conversations_conversation_tags_conversation_id_a42dec8f ON public.conversations_conversation_tags USING btree (conversation_id);
CREATE INDEX conversations_conversation_tags_tag_id_e52ab996 ON public.conversations_conversation_tags USING btree (tag_id);
CREATE INDEX conversations_draft_agent_id_12d0db82 ON public.conversations_draft USING btree (agent_id);
CREATE INDEX conversations_draft_conversation_id_8be0ce8b ON public.conversations_draft USING btree (conversation_id);
CREATE INDEX conversations_draft_taken_over_by_id_1eb4c66d ON public.conversations_draft USING btree (taken_over_by_id);
CREATE INDEX conversations_draftfile_agent_id_f0c60d7c ON public.conversations_draftfile USING btree (agent_id);
CREATE INDEX conversations_draftfile_conversation_id_904c77ac ON public.conversations_draftfile USING btree (conversation_id);
CREATE INDEX conversations_draftfile_message_id_dd7993a4 ON public.conversations_draftfile USING btree (message_id);
CREATE INDEX conversations_following_agent_id_3f527307 ON public.conversations_following USING btree (agent_id);
CREATE INDEX conversations_following_conversation_id_df7d2aab ON public.conversations_following USING btree (conversation_id);
CREATE INDEX conversations_formertext_message_id_de5a4882 ON public.conversations_formertext USING btree (message_id);
CREATE INDEX conversations_handoff_answered_by_id_9e72bf3d ON public.conversations_handoff USING btree (answered_by_id);
CREATE INDEX conversations_handoff_ended_by_id_adc5c33a ON public.conversations_handoff USING btree (ended_by_id);
CREATE INDEX conversations_handoff_from_team_id_292d620b ON public.conversations_handoff USING btree (from_team_id);
CREATE INDEX conversations_handoff_given_by_id_9b49fea7 ON public.conversations_handoff USING btree (given_by_id);
CREATE INDEX conversations_joinedconversation_joined_by_id_ed842396 ON public.conversations_joinedconversation USING btree (joined_by_id);
CREATE INDEX conversations_joinedconversation_matter_id_0dddeec3 ON public.conversations_joinedconversation USING btree (matter_id);
CREATE INDEX conversations_matter_opened_by_id_27130869 ON public.conversations_matter USING btree (opened_by_id);
CREATE INDEX conversations_matter_owner_id_5b913cd3 ON public.conversations_matter USING btree (owner_id);
CREATE INDEX conversations_message_identity_id_edf8c418 ON public.conversations_message USING btree (identity_id);
CREATE INDEX conversations_messagepart_message_id_e5baea84 ON public.conversations_messagepart USING btree (message_id);
CREATE INDEX conversations_note_agent_id_9b0b6dc2 ON public.conversations_note USING btree (agent_id);
CREATE INDEX conversations_note_conversation_id_a486ed4c ON public.conversations_note USING btree (conversation_id);
CREATE INDEX conversations_notemention_agent_id_4213f6c0 ON public.conversations_notemention USING btree (agent_id);
CREATE INDEX conversations_notemention_conversation_id_7cea63de ON public.conversations_notemention USING btree (conversation_id);
CREATE INDEX conversations_notemention_note_id_4fdc0649 ON public.conversations_notemention USING btree (note_id);
CREATE INDEX conversations_reaction_identity_id_0c7906de ON public.conversations_reaction USING btree (identity_id);
CREATE INDEX conversations_reaction_message_id_03834d5a ON public.conversations_reaction USING btree (message_id);
CREATE INDEX conversations_readmark_agent_id_e4cf59c6 ON public.conversations_readmark USING btree (agent_id);
CREATE INDEX conversations_readmark_conversation_id_05bbc5e7 ON public.conversations_readmark USING btree (conversation_id);
CREATE INDEX conversations_searchprogress_kind_0680531a_like ON public.conversations_searchprogress USING btree (kind varchar_pattern_ops);
CREATE INDEX conversations_tag_name_d1061ba0_like ON public.conversations_tag USING btree (name varchar_pattern_ops);
CREATE INDEX conversations_wordedact_agent_id_783733be ON public.conversations_wordedact USING btree (agent_id);
CREATE INDEX conversations_wordedact_message_id_870cd0eb ON public.conversations_wordedact USING btree (message_id);
CREATE INDEX core_heartbeat_name_217715ae_like ON public.core_heartbeat USING btree (name varchar_pattern_ops);
CREATE INDEX core_remembered_expires ON public.core_remembered USING btree (expires);
CREATE INDEX correction_by_figure ON public.analysis_correction USING btree (figure, id DESC);
CREATE INDEX correction_by_message ON public.analysis_correction USING btree (message_id, figure, id DESC);
CREATE INDEX counted_and_open ON public.reporting_countedconversation USING btree (began_at) WHERE (resolved_at IS NULL);
CREATE INDEX counted_by_beginning ON public.reporting_countedconversation USING btree (began_at);
CREATE INDEX decision_by_account ON public.bot_decision USING btree (account_id, decided_at DESC);
CREATE INDEX decision_by_entry ON public.bot_decision USING btree (entry_id, decided_at DESC) WHERE (entry_id IS NOT NULL);
CREATE INDEX decision_by_time ON public.bot_decision USING btree (decided_at DESC) WHERE (entry_id IS NOT NULL);
CREATE INDEX delivery_attempt_message_id_9472c651 ON public.delivery_attempt USING btree (message_id);
CREATE INDEX delivery_moderation_agent_id_d8699782 ON public.delivery_moderation USING btree (agent_id);
CREATE INDEX delivery_moderation_message_id_418020ce ON public.delivery_moderation USING btree (message_id);
CREATE INDEX delivery_set_aside ON public.intake_rawdelivery USING btree (state, id DESC) WHERE ((state)::text = 'set_aside'::text);
CREATE INDEX delivery_to_read ON public.intake_rawdelivery USING btree (account_id, id) WHERE ((state)::text = 'new'::text);
CREATE INDEX delivery_to_try_again ON public.intake_rawdelivery USING btree (account_id, not_before) WHERE ((state)::text = 'later'::text);
CREATE INDEX desk_bulkact_agent_id_6dc150be ON public.desk_bulkact USING btree (agent_id);
CREATE INDEX desk_bulkchange_bulk_act_id_aeef1a4a ON public.desk_bulkchange USING btree (bulk_act_id);
CREATE INDEX desk_bulkchange_conversation_id_58b44f0f ON public.desk_bulkchange USING btree (conversation_id);
CREATE INDEX desk_callback_account_id_50735f54 ON public.desk_callback USING btree (account_id);
CREATE INDEX desk_callback_asked_by_id_f3da0ecd ON public.desk_callback USING btree (asked_by_id);
CREATE INDEX desk_callback_call_id_ca147ee5 ON public.desk_callback USING btree (call_id);
CREATE INDEX desk_callback_conversation_id_2f24b4bd ON public.desk_callback USING btree (conversation_id);
CREATE INDEX desk_callback_ended_by_id_a4336280 ON public.desk_callback USING btree (ended_by_id);
CREATE INDEX desk_callback_message_id_b92dca1b ON public.desk_callback USING btree (message_id);
CREATE INDEX desk_inboxview_owner_id_e27def9f ON public.desk_inboxview USING btree (owner_id);
CREATE INDEX desk_invitation_by_id_85c35a48 ON public.desk_invitation USING btree (by_id);
CREATE INDEX desk_invitation_conversation_id_d9f2e63a ON public.desk_invitation USING btree (conversation_id);
CREATE INDEX desk_invitation_digest_f2196080_like ON public.desk_invitation USING btree (digest varchar_pattern_ops);
CREATE INDEX desk_invitation_identity_id_fe13f89c ON public.desk_invitation USING btree (identity_id);
CREATE INDEX desk_invitation_joined_id_9a76127d ON public.desk_invitation USING btree (joined_id);
CREATE INDEX desk_invitation_message_id_6351c70c ON public.desk_invitation USING btree (message_id);
CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);
CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);
CREATE INDEX draft_file_in_order ON public.conversations_draftfile USING btree (conversation_id, agent_id, id);
CREATE INDEX entry_by_words ON public.catalogue_catalogueentry USING gin (words);
CREATE INDEX event_as_queue ON public.events_event USING btree (transaction_id, id);
CREATE INDEX event_by_agent ON public.events_event USING btree (actor_id, id DESC) WHERE ((actor_kind)::text = 'agent'::text);
CREATE INDEX event_by_conversation ON public.events_event USING btree (conversation_id, id) WHERE (conversation_id IS NOT NULL);
CREATE INDEX event_by_subject ON public.events_event USING btree (subject_kind, subject_id, id);
CREATE INDEX event_by_time ON public.events_event USING brin (at) WITH (autosummarize='on');
CREATE INDEX events_follower_name_661e9a2e_like ON public.events_follower USING btree (name varchar_pattern_ops);
CREATE INDEX gap_by_weight ON public.catalogue_knowledgegap USING btree (weight DESC, id);
CREATE INDEX hand_off_by_conversation ON public.conversations_handoff USING btree (conversation_id, given_at DESC);
CREATE INDEX hand_off_waiting ON public.conversations_handoff USING btree (to_team_id, given_at) WHERE ((state)::text = 'offered'::text);
CREATE INDEX idempotent_answer_by_age ON public.api_idempotentanswer USING btree (created_at);
CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));
CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);
CREATE INDEX intake_earlychange_account_id_84fadfd9 ON public.intake_earlychange USING btree (account_id);
CREATE INDEX invitation_by_conversation ON public.desk_invitation USING btree (conversation_id, created_at DESC);
CREATE INDEX invitation_to_be_joined ON public.desk_invitation USING btree (identity_id) WHERE (joined_at IS NULL);
CREATE INDEX message_by_agent ON public.conversations_message USING btree (agent_id) WHERE (agent_id IS NOT NULL);
CREATE INDEX message_call_going_on ON public.conversations_message USING btree (created_at) WHERE ((call_lost_at IS NULL) AND ((call_state)::text = ANY (ARRAY[('ringing'::character varying)::text, ('answered'::character varying)::text])));
CREATE INDEX message_in_order ON public.conversations_message USING btree (conversation_id, sent_at, id);
CREATE INDEX message_outbox ON public.conversations_message USING btree (send_after, id) WHERE ((state)::text = ANY (ARRAY[('queued'::character varying)::text, ('sending'::character varying)::text]));
CREATE INDEX message_review_changed ON public.conversations_message USING btree (conversation_id, edited_at) WHERE ((edited_at IS NOT NULL) AND ((kind)::text = 'review'::text));
CREATE INDEX message_to_see_to ON public.conversations_message USING btree (conversation_id) WHERE ((state)::text = ANY (ARRAY[('failed'::character varying)::text, ('uncertain'::character varying)::text]));
CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON public.mfa_authenticator USING btree (user_id);
CREATE INDEX note_in_order ON public.conversations_note USING btree (conversation_id, created_at, id);
CREATE INDEX notification_by_agent ON public.notifications_notification USING btree (agent_id, at DESC);
CREATE INDEX notification_to_mail ON public.notifications_notification USING btree (at) WHERE ((mailed_at IS NULL) AND (seen_at IS NULL));
CREATE INDEX notifications_notice_mailed_to_agent_id_f7ca12c8 ON public.notifications_notice_mailed_to USING btree (agent_id);
CREATE INDEX notifications_notice_mailed_to_notice_id_0c7c0867 ON public.notifications_notice_mailed_to USING btree (notice_id);
CREATE INDEX notifications_notification_agent_id_ce930d95 ON public.notifications_notification USING btree (agent_id);
CREATE INDEX notifications_notification_conversation_id_7416e010 ON public.notifications_notification USING btree (conversation_id);
CREATE INDEX notifications_pushsubscription_agent_id_e85ec4ac ON public.notifications_pushsubscription USING btree (agent_id);
CREATE INDEX notifications_pushsubscription_endpoint_7fe1db03_like ON public.notifications_pushsubscription USING btree (endpoint varchar_pattern_ops);
CREATE INDEX notifications_webhookdelivery_endpoint_id_92faf2d0 ON public.notifications_webhookdelivery USING btree (endpoint_id);
CREATE INDEX notifications_webhookdelivery_event_id_02c237a9 ON public.notifications_webhookdelivery USING btree (event_id);
CREATE INDEX notifications_webhookendpo_policywarning_id_0856a72e ON public.notifications_webhookendpoint_warnings USING btree (policywarning_id);
CREATE INDEX notifications_webhookendpo_webhookendpoint_id_1e340360 ON public.notifications_webhookendpoint_warnings USING btree (webhookendpoint_id);
CREATE UNIQUE INDEX one_account_per_network_identity ON public.channels_channelaccount USING btree (kind, own_id) WHERE (NOT ((own_id)::text = ''::text));
CREATE UNIQUE INDEX one_automation_per_name ON public.automations_automation USING btree (lower((name)::text)) WHERE (removed_at IS NULL);
CREATE UNIQUE INDEX one_call_back_to_make_per_conversation ON public.desk_callback USING btree (conversation_id) WHERE ((state)::text = 'waiting'::text);
CREATE UNIQUE INDEX one_clock_per_consultation ON public.sla_slaclock USING btree (consultation_id) WHERE (consultation_id IS NOT NULL);
CREATE UNIQUE INDEX one_clock_per_hand_off ON public.sla_slaclock USING btree (hand_off_id) WHERE (hand_off_id IS NOT NULL);
CREATE UNIQUE INDEX one_clock_per_matter ON public.sla_slaclock USING btree (matter_id) WHERE (matter_id IS NOT NULL);
CREATE UNIQUE INDEX one_delivery_per_key ON public.intake_rawdelivery USING btree (account_id, key) WHERE (key IS NOT NULL);
CREATE UNIQUE INDEX one_draft_per_entry ON public.catalogue_entryversion USING btree (entry_id) WHERE ((status)::text = 'draft'::text);
CREATE UNIQUE INDEX one_known_name_per_brand_and_kind ON public.analysis_knownname USING btree (brand_id, kind, lower((name)::text));
CREATE UNIQUE INDEX one_live_conversation_per_person_and_thread ON public.conversations_conversation USING btree (account_id, thread_id, identity_id) WHERE (NOT ((status)::text = 'resolved'::text));
CREATE UNIQUE INDEX one_macro_per_owner_and_name ON public.automations_macro USING btree (owner_id, lower((name)::text)) NULLS NOT DISTINCT;
CREATE UNIQUE INDEX one_message_per_external_id ON public.conversations_message USING btree (account_id, external_id) WHERE (external_id IS NOT NULL);
CREATE UNIQUE INDEX one_moderation_at_a_time_per_message ON public.delivery_moderation USING btree (message_id) WHERE ((outcome)::text = 'waiting'::text);
CREATE UNIQUE INDEX one_open_attempt_per_message ON public.delivery_attempt USING btree (message_id) WHERE (finished_at IS NULL);
CREATE UNIQUE INDEX one_open_hand_off_per_conversation ON public.conversations_handoff USING btree (conversation_id) WHERE ((state)::text = 'offered'::text);
CREATE UNIQUE INDEX one_open_notice_per_subject ON public.notifications_notice USING btree (kind, subject_id) WHERE (settled_at IS NULL);
CREATE UNIQUE INDEX one_phrasing_per_text ON public.catalogue_phrasing USING btree (entry_id, md5(text));
CREATE UNIQUE INDEX one_run_per_conversation_and_state ON public.automations_automationrun USING btree (automation_id, conversation_id, since) WHERE (since IS NOT NULL);
CREATE UNIQUE INDEX one_run_per_event ON public.automations_automationrun USING btree (automation_id, event_id) WHERE (event_id IS NOT NULL);
CREATE UNIQUE INDEX one_running_clock_per_promise ON public.sla_slaclock USING btree (conversation_id, promise) WHERE (stopped_at IS NULL);
CREATE UNIQUE INDEX one_shortcut_per_owner_and_language ON public.catalogue_cannedresponse USING btree (owner_id, lower((shortcut)::text), language) NULLS NOT DISTINCT;
CREATE UNIQUE INDEX one_skill_per_kind_and_name ON public.people_skill USING btree (kind, lower((name)::text));
CREATE UNIQUE INDEX one_standing_merge_per_gone_contact ON public.contacts_contactmerge USING btree (gone_id) WHERE (undone_at IS NULL);
CREATE UNIQUE INDEX one_unseen_notification_of_a_kind ON public.notifications_notification USING btree (agent_id, conversation_id, kind) WHERE (seen_at IS NULL);
CREATE UNIQUE INDEX one_user_per_email ON public.people_user USING btree (lower((email)::text));
CREATE UNIQUE INDEX one_worded_act_at_a_time_per_message ON public.conversations_wordedact USING btree (message_id) WHERE ((outcome)::text = 'waiting'::text);
CREATE INDEX open_mentions_by_agent ON public.conversations_notemention USING btree (agent_id, at DESC) WHERE (done_at IS NULL);
CREATE INDEX out_of_turn_by_assignee ON public.conversations_conversation USING btree (assignee_id, priority, waiting_since, id) WHERE ((NOT is_spam) AND ((status)::text = ANY (ARRAY[('open'::character varying)::text, ('pending'::character varying)::text])) AND (waiting_since IS NOT NULL) AND (NOT (priority = 1)) AND (assignee_id IS NOT NULL));
CREATE INDEX out_of_turn_by_team ON public.conversations_conversation USING btree (team_id, priority, waiting_since, id) WHERE ((NOT is_spam) AND ((status)::text = ANY (ARRAY[('open'::character varying)::text, ('pending'::character varying)::text])) AND (waiting_since IS NOT NULL) AND (NOT (priority = 1)));
CREATE INDEX out_of_turn_of_nobody_by_team ON public.conversations_conversation USING btree (team_id, priority, waiting_since, id) WHERE ((NOT is_spam) AND ((status)::text = ANY (ARRAY[('open'::character varying)::text, ('pending'::character varying)::text])) AND (waiting_since IS NOT NULL) AND (NOT (priority = 1)) AND (assignee_id IS NULL));
CREATE INDEX people_agent_brands_agent_id_b208765e ON public.people_agent_brands USING btree (agent_id);
CREATE INDEX people_agent_brands_brand_id_776c5c59 ON public.people_agent_brands USING btree (brand_id);
CREATE INDEX people_agent_teams_agent_id_eee16696 ON public.people_agent_teams USING btree (agent_id);
CREATE INDEX people_agent_teams_team_id_aae45dca ON public.people_agent_teams USING btree (team_id);
CREATE INDEX people_agentskill_skill_id_419001dc ON public.people_agentskill USING btree (skill_id);
CREATE INDEX people_signinlink_digest_64ff0c9c_like ON public.people_signinlink USING btree (digest varchar_pattern_ops);
CREATE INDEX people_signinlink_user_id_56ae9535 ON public.people_signinlink USING btree (user_id);
CREATE INDEX people_team_name_77e3994f_like ON public.people_team USING btree (name varchar_pattern_ops);
CREATE INDEX people_user_email_1f424fe4_like ON public.people_user USING btree (email varchar_pattern_ops);
CREATE INDEX people_user_groups_group_id_1f0237d0 ON public.people_user_groups USING btree (group_id);
CREATE INDEX people_user_groups_user_id_290df956 ON public.people_user_groups USING btree (user_id);
CREATE INDEX people_user_user_permissions_permission_id_55f01ef0 ON public.people_user_user_permissions USING btree (permission_id);
CREATE INDEX people_user_user_permissions_user_id_7d19557b ON public.people_user_user_permissions USING btree (user_id);
CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);
CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));
CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);
CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);
CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);
CREATE INDEX promised_by_assignee ON public.conversations_conversation USING btree (assignee_id, promise_due_at, id) WHERE ((NOT is_spam) AND ((status)::text = ANY (ARRAY[('open'::character varying)::text, ('pending'::character varying)::text])) AND (assignee_id IS NOT NULL) AND (promise_due_at IS NOT NULL));
CREATE INDEX promised_by_team ON public.conversations_conversation USING btree (team_id, promise_due_at, id) INCLUDE (account_id) WHERE ((NOT is_spam) AND ((status)::text = ANY (ARRAY[('open'::character varying)::text, ('pending'::character varying)::text])) AND (promise_due_at IS NOT NULL));
CREATE INDEX promised_of_nobody_by_team ON public.conversations_conversation USING btree (team_id, promise_due_at, id) WHERE ((NOT is_spam) AND ((status)::text = ANY (ARRAY[('open'::character varying)::text, ('pending'::character varying)::text])) AND (assignee_id IS NULL) AND (promise_due_at IS NOT NULL));
CREATE INDEX reaction_by_network_id ON public.conversations_reaction USING btree (external_id) WHERE (NOT ((external_id)::text = ''::text));
CREATE INDEX reading_by_answer ON public.analysis_conversationreading USING btree (needs_answer, conversation_id);
CREATE INDEX reading_by_intent ON public.analysis_conversationreading USING btree (intent, conversation_id);
CREATE INDEX reading_by_language ON public.analysis_conversationreading USING btree (language, conversation_id);
CREATE INDEX reading_by_reason ON public.analysis_conversationreading USING btree (reason_id, conversation_id) WHERE (reason_id IS NOT NULL);
CREATE INDEX reading_by_sentiment ON public.analysis_conversationreading USING btree (sentiment, conversation_id);
CREATE INDEX reading_by_urgency ON public.analysis_conversationreading USING btree (urgency, conversation_id) WHERE (urgency > 0);
CREATE INDEX reading_complains ON public.analysis_conversationreading USING btree (conversation_id) WHERE (((intent)::text = 'complaint'::text) OR (((sentiment)::text = 'negative'::text) AND (NOT ((intent)::text = 'praise'::text))));
CREATE INDEX reading_on ON public.conversations_following USING btree (conversation_id) WHERE keeps_reading;
CREATE INDEX reading_on_by_agent ON public.conversations_following USING btree (agent_id, conversation_id) WHERE keeps_reading;
CREATE INDEX recomputation_under_way ON public.sla_recomputation USING btree (id) WHERE (finished_at IS NULL);
CREATE INDEX reply_tone_by_time ON public.analysis_replytone USING brin (read_at);
CREATE INDEX reporting_openspell_counted_id_0b5283b8 ON public.reporting_openspell USING btree (counted_id);
CREATE INDEX resolved_by_assignee ON public.conversations_conversation USING btree (assignee_id, last_message_at DESC, id DESC) WHERE ((assignee_id IS NOT NULL) AND (NOT is_spam) AND ((status)::text = 'resolved'::text));
CREATE INDEX resolved_by_team ON public.conversations_conversation USING btree (team_id, last_message_at DESC, id DESC) WHERE ((NOT is_spam) AND ((status)::text = 'resolved'::text));
CREATE INDEX route_to_be_read ON public.routing_route USING btree (conversation_id) WHERE awaits_reading;
CREATE INDEX route_with_a_strategy ON public.routing_route USING btree (team_id) WHERE (NOT ((strategy)::text = ANY (ARRAY[(''::character varying)::text, ('by_hand'::character varying)::text])));
CREATE INDEX routing_channelweight_channel_bbe78c41_like ON public.routing_channelweight USING btree (channel varchar_pattern_ops);
CREATE INDEX ruling_by_time ON public.bot_ruling USING btree (ruled_at DESC);
CREATE INDEX search_person_by_word ON public.conversations_searchperson USING gin (words);
CREATE INDEX search_subject_by_word ON public.conversations_searchsubject USING gin (words) WITH (gin_pending_list_limit='512');
CREATE INDEX search_text_by_pair ON public.conversations_searchtext USING gin (pairs) WITH (gin_pending_list_limit='512');
CREATE INDEX search_text_by_time ON public.conversations_searchtext USING btree (at DESC, id DESC);
CREATE INDEX search_text_by_word ON public.conversations_searchtext USING gin (words) WITH (gin_pending_list_limit='512');
CREATE INDEX search_text_without_pairs ON public.conversations_searchtext USING btree (id) WHERE (pairs IS NULL);
CREATE INDEX sla_slaclock_conversation_id_e5ca8299 ON public.sla_slaclock USING btree (conversation_id);
CREATE INDEX sla_slaclock_policy_id_97a909f4 ON public.sla_slaclock USING btree (policy_id);
CREATE INDEX sla_slapolicy_brand_id_12fc2d42 ON public.sla_slapolicy USING btree (brand_id);
CREATE INDEX sla_slapolicy_team_id_d9b63fab ON public.sla_slapolicy USING btree (team_id);
CREATE INDEX snoozed_by_assignee ON public.conversations_conversation USING btree (assignee_id, last_message_at DESC, id DESC) WHERE ((assignee_id IS NOT NULL) AND (NOT is_spam) AND ((status)::text = 'snoozed'::text));
CREATE INDEX snoozed_by_end ON public.conversations_conversation USING btree (snoozed_until) WHERE ((status)::text = 'snoozed'::text);
CREATE INDEX snoozed_by_team ON public.conversations_conversation USING btree (team_id, last_message_at DESC, id DESC) WHERE ((NOT is_spam) AND ((status)::text = 'snoozed'::text));
CREATE INDEX socialaccount_socialaccount_user_id_8146e70c ON public.socialaccount_socialaccount USING btree (user_id);
CREATE INDEX socialaccount_socialtoken_account_id_951f210e ON public.socialaccount_socialtoken USING btree (account_id);
CREATE INDEX socialaccount_socialtoken_app_id_636a42d7 ON public.socialaccount_socialtoken USING btree (app_id);
CREATE INDEX spam_by_assignee ON public.conversations_conversation USING btree (assignee_id, last_message_at DESC, id DESC) WHERE ((assignee_id IS NOT NULL) AND is_spam);
CREATE INDEX spam_by_team ON public.conversations_conversation USING btree (team_id, last_message_at DESC, id DESC) WHERE is_spam;
CREATE INDEX spell_by_beginning ON public.reporting_openspell USING btree (began_at);
CREATE INDEX spell_by_end ON public.reporting_openspell USING btree (ended_at);
CREATE INDEX to_decide_in_order ON public.bot_decisiontomake USING btree (asked_at);
CREATE INDEX to_read_in_order ON public.analysis_messagetoread USING btree (is_late, is_glanced_at, message_id);
CREATE INDEX trained_heads_by_figure ON public.analysis_trainedheads USING btree (figure, form, id DESC);
CREATE INDEX trained_heads_by_time ON public.analysis_trainedheads USING brin (trained_at);
CREATE UNIQUE INDEX unique_authenticator_type ON public.mfa_authenticator USING btree (user_id, type) WHERE ((type)::text = ANY (ARRAY[('totp'::character varying)::text, ('recovery_codes'::character varying)::text]));
CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";
CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;
CREATE INDEX use_by_entry ON public.catalogue_entryuse USING btree (entry_id, used_at DESC);
CREATE INDEX use_unsettled ON public.catalogue_entryuse USING btree (conversation_id) WHERE (NOT is_settled);
CREATE INDEX usersessions_usersession_session_key_fd35de43_like ON public.usersessions_usersession USING btree (session_key varchar_pattern_ops);
CREATE INDEX usersessions_usersession_user_id_af5e0a6d ON public.usersessions_usersession USING btree (user_id);
CREATE INDEX waiting_by_assignee ON public.conversations_conversation USING btree (assignee_id, waiting_since, id) INCLUDE (priority) WHERE ((NOT is_spam) AND ((status)::text = ANY (ARRAY[('open'::character varying)::text, ('pending'::character varying)::text])) AND (waiting_since IS NOT NULL) AND (assignee_id IS NOT NULL));
CREATE INDEX waiting_by_team ON public.conversations_conversation USING btree (team_id, waiting_since, id) INCLUDE (priority, account_id, is_public) WHERE ((NOT is_spam) AND ((status)::text = ANY (ARRAY[('open'::character varying)::text, ('pending'::character varying)::text])) AND (waiting_since IS NOT NULL));
CREATE INDEX waiting_of_nobody_by_team ON public.conversations_conversation USING btree (team_id, waiting_since, id) INCLUDE (priority) WHERE ((NOT is_spam) AND ((status)::text = ANY (ARRAY[('open'::character varying)::text, ('pending'::character varying)::text])) AND (waiting_since IS NOT NULL) AND (assignee_id IS NULL));
CREATE INDEX webhook_delivery_due ON public.notifications_webhookdelivery USING btree (endpoint_id, next_attempt_at, id) WHERE ((state)::text = 'pending'::text);
CREATE TRIGGER analysis_correction_stands BEFORE UPDATE OF message_id, figure, before, after, at ON public.analysis_correction FOR EACH ROW EXECUTE FUNCTION public.analysis_refuse_change();
CREATE TRIGGER bot_decision_stands BEFORE UPDATE OF message_id, account_id, decided_at, mode, done, entry_id, version_id, phrasing, confidence, answers_from, least_per_cent, candidates, rules, language, text, files, would_answer, teaches ON public.bot_decision FOR EACH ROW EXECUTE FUNCTION public.bot_refuse_change();
CREATE TRIGGER bot_ruling_stands BEFORE UPDATE OF decision_id, verdict, cause, words, ruled_at ON public.bot_ruling FOR EACH ROW EXECUTE FUNCTION public.bot_refuse_change();
CREATE TRIGGER catalogue_version_is_for_good BEFORE UPDATE OF entry_id, number, content, reason, made_at ON public.catalogue_entryversion FOR EACH ROW WHEN (((old.entry_id IS DISTINCT FROM new.entry_id) OR (old.number IS DISTINCT FROM new.number) OR (old.content IS DISTINCT FROM new.content) OR ((old.reason)::text IS DISTINCT FROM (new.reason)::text) OR (old.made_at IS DISTINCT FROM new.made_at))) EXECUTE FUNCTION public.catalogue_version_is_for_good();
CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();
CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();
CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();
CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();
CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();
CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();
CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();
ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES public.account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.analysis_contactreason
    ADD CONSTRAINT analysis_contactreas_parent_id_ef65a2b1_fk_analysis_ FOREIGN KEY (parent_id) REFERENCES public.analysis_contactreason(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.analysis_contactreason
    ADD CONSTRAINT analysis_contactreason_brand_id_ea2490d9_fk_brands_brand_id FOREIGN KEY (brand_id) REFERENCES public.brands_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.analysis_conversationreading
    ADD CONSTRAINT analysis_conversatio_conversation_id_103c705a_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.analysis_conversationreading
    ADD CONSTRAINT analysis_conversatio_reason_id_2113c687_fk_analysis_ FOREIGN KEY (reason_id) REFERENCES public.analysis_contactreason(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.analysis_correction
    ADD CONSTRAINT analysis_correction_agent_id_35f52199_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.analysis_correction
    ADD CONSTRAINT analysis_correction_message_id_ab6188d0_fk_conversat FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.analysis_knownname
    ADD CONSTRAINT analysis_knownname_brand_id_5cb408db_fk_brands_brand_id FOREIGN KEY (brand_id) REFERENCES public.brands_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.analysis_messageanalysis
    ADD CONSTRAINT analysis_messageanal_message_id_cfdd5795_fk_conversat FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.analysis_messagetopic
    ADD CONSTRAINT analysis_messagetopi_analysis_id_dc0e91af_fk_analysis_ FOREIGN KEY (analysis_id) REFERENCES public.analysis_messageanalysis(message_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.analysis_messagetopic
    ADD CONSTRAINT analysis_messagetopi_reason_id_103f13c1_fk_analysis_ FOREIGN KEY (reason_id) REFERENCES public.analysis_contactreason(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.analysis_messagetoread
    ADD CONSTRAINT analysis_messagetore_message_id_94a7cc14_fk_conversat FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.analysis_namedinmessage
    ADD CONSTRAINT analysis_namedinmess_message_id_fb030048_fk_conversat FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.analysis_namedinmessage
    ADD CONSTRAINT analysis_namedinmess_name_id_450eb388_fk_analysis_ FOREIGN KEY (name_id) REFERENCES public.analysis_knownname(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.analysis_reasonexample
    ADD CONSTRAINT analysis_reasonexamp_reason_id_03f9444d_fk_analysis_ FOREIGN KEY (reason_id) REFERENCES public.analysis_contactreason(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.analysis_reasonhead
    ADD CONSTRAINT analysis_reasonhead_brand_id_da55c3b1_fk_brands_brand_id FOREIGN KEY (brand_id) REFERENCES public.brands_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.analysis_replytone
    ADD CONSTRAINT analysis_replytone_message_id_3a4000e9_fk_conversat FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.analysis_replytoread
    ADD CONSTRAINT analysis_replytoread_message_id_f20ddd1b_fk_conversat FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.api_apitoken
    ADD CONSTRAINT api_apitoken_agent_id_93bcb254_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.api_idempotentanswer
    ADD CONSTRAINT api_idempotentanswer_token_id_f71361a5_fk_api_apitoken_id FOREIGN KEY (token_id) REFERENCES public.api_apitoken(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.automations_automationrun
    ADD CONSTRAINT automations_automati_automation_id_63db5725_fk_automatio FOREIGN KEY (automation_id) REFERENCES public.automations_automation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.automations_automationrun
    ADD CONSTRAINT automations_automati_conversation_id_85875d53_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.automations_automationrun
    ADD CONSTRAINT automations_automati_revision_id_49f87e60_fk_automatio FOREIGN KEY (revision_id) REFERENCES public.automations_automationrevision(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.automations_automation
    ADD CONSTRAINT automations_automati_revision_id_e13097a9_fk_automatio FOREIGN KEY (revision_id) REFERENCES public.automations_automationrevision(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.automations_automationrevision
    ADD CONSTRAINT automations_automati_writer_id_07629fa2_fk_people_ag FOREIGN KEY (writer_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.automations_macro
    ADD CONSTRAINT automations_macro_owner_id_9079e3e1_fk_people_agent_id FOREIGN KEY (owner_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_botnote
    ADD CONSTRAINT bot_botnote_decision_id_cb4944ba_fk_bot_decision_id FOREIGN KEY (decision_id) REFERENCES public.bot_decision(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_botnote
    ADD CONSTRAINT bot_botnote_note_id_b47c5ffc_fk_conversations_note_id FOREIGN KEY (note_id) REFERENCES public.conversations_note(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_botsettings
    ADD CONSTRAINT bot_botsettings_account_id_bf44d7a4_fk_channels_ FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_botswitch
    ADD CONSTRAINT bot_botswitch_changed_by_id_90ac0e1e_fk_people_agent_id FOREIGN KEY (changed_by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_comparison
    ADD CONSTRAINT bot_comparison_decision_id_8f234962_fk_bot_decision_id FOREIGN KEY (decision_id) REFERENCES public.bot_decision(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_comparison
    ADD CONSTRAINT bot_comparison_reply_id_f19307be_fk_conversations_message_id FOREIGN KEY (reply_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_decision
    ADD CONSTRAINT bot_decision_account_id_f7bf30f3_fk_channels_channelaccount_id FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_decision
    ADD CONSTRAINT bot_decision_entry_id_b04a7c58_fk_catalogue_catalogueentry_id FOREIGN KEY (entry_id) REFERENCES public.catalogue_catalogueentry(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_decision
    ADD CONSTRAINT bot_decision_message_id_f4d932a7_fk_conversations_message_id FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_decision
    ADD CONSTRAINT bot_decision_reason_id_b698ddd9_fk_analysis_contactreason_id FOREIGN KEY (reason_id) REFERENCES public.analysis_contactreason(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_decision
    ADD CONSTRAINT bot_decision_reply_id_440b159d_fk_conversations_message_id FOREIGN KEY (reply_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_decision
    ADD CONSTRAINT bot_decision_version_id_97d7b69d_fk_catalogue_entryversion_id FOREIGN KEY (version_id) REFERENCES public.catalogue_entryversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_decisiontomake
    ADD CONSTRAINT bot_decisiontomake_message_id_898b5ecf_fk_conversat FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_entryrest
    ADD CONSTRAINT bot_entryrest_by_id_9562829a_fk_people_agent_id FOREIGN KEY (by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_entryrest
    ADD CONSTRAINT bot_entryrest_entry_id_7d5ca4b4_fk_catalogue_catalogueentry_id FOREIGN KEY (entry_id) REFERENCES public.catalogue_catalogueentry(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_entrytarget
    ADD CONSTRAINT bot_entrytarget_entry_id_b0c76be3_fk_catalogue FOREIGN KEY (entry_id) REFERENCES public.catalogue_catalogueentry(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_entrytarget
    ADD CONSTRAINT bot_entrytarget_set_by_id_237dc30a_fk_people_agent_id FOREIGN KEY (set_by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_learntmessage
    ADD CONSTRAINT bot_learntmessage_message_id_c20bab8d_fk_conversat FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_learntmessage
    ADD CONSTRAINT bot_learntmessage_version_id_9358fa38_fk_catalogue FOREIGN KEY (version_id) REFERENCES public.catalogue_entryversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_ruling
    ADD CONSTRAINT bot_ruling_agent_id_b17fcd70_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_ruling
    ADD CONSTRAINT bot_ruling_decision_id_7eab2cb2_fk_bot_decision_id FOREIGN KEY (decision_id) REFERENCES public.bot_decision(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_ruling
    ADD CONSTRAINT bot_ruling_draft_id_ad79f493_fk_catalogue_entryversion_id FOREIGN KEY (draft_id) REFERENCES public.catalogue_entryversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_ruling
    ADD CONSTRAINT bot_ruling_reply_id_5bbd9a4f_fk_conversations_message_id FOREIGN KEY (reply_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_topicmode
    ADD CONSTRAINT bot_topicmode_reason_id_e8fa0819_fk_analysis_contactreason_id FOREIGN KEY (reason_id) REFERENCES public.analysis_contactreason(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bot_topicmode
    ADD CONSTRAINT bot_topicmode_settings_id_0a389a52_fk_bot_botsettings_id FOREIGN KEY (settings_id) REFERENCES public.bot_botsettings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_answerfile
    ADD CONSTRAINT catalogue_answerfile_variant_id_b3b79b86_fk_catalogue FOREIGN KEY (variant_id) REFERENCES public.catalogue_answervariant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_answervariant
    ADD CONSTRAINT catalogue_answervari_entry_id_1c13ab97_fk_catalogue FOREIGN KEY (entry_id) REFERENCES public.catalogue_catalogueentry(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_cannedfile
    ADD CONSTRAINT catalogue_cannedfile_canned_response_id_2e104f7c_fk_catalogue FOREIGN KEY (canned_response_id) REFERENCES public.catalogue_cannedresponse(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_cannedresponse
    ADD CONSTRAINT catalogue_cannedresponse_brand_id_611912b1_fk_brands_brand_id FOREIGN KEY (brand_id) REFERENCES public.brands_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_cannedresponse
    ADD CONSTRAINT catalogue_cannedresponse_owner_id_76d3e762_fk_people_agent_id FOREIGN KEY (owner_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_catalogueentry
    ADD CONSTRAINT catalogue_cataloguee_approved_version_id_77106867_fk_catalogue FOREIGN KEY (approved_version_id) REFERENCES public.catalogue_entryversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_catalogueentry
    ADD CONSTRAINT catalogue_catalogueentry_brand_id_fefba7b5_fk_brands_brand_id FOREIGN KEY (brand_id) REFERENCES public.brands_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_catalogueentry
    ADD CONSTRAINT catalogue_catalogueentry_owner_id_48f3e4d7_fk_people_agent_id FOREIGN KEY (owner_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_cataloguefile
    ADD CONSTRAINT catalogue_cataloguefile_by_id_ac16fb21_fk_people_agent_id FOREIGN KEY (by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_entryuse
    ADD CONSTRAINT catalogue_entryuse_agent_id_72f8a1c1_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_entryuse
    ADD CONSTRAINT catalogue_entryuse_entry_id_cbffc12f_fk_catalogue FOREIGN KEY (entry_id) REFERENCES public.catalogue_catalogueentry(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_entryuse
    ADD CONSTRAINT catalogue_entryuse_version_id_10808b98_fk_catalogue FOREIGN KEY (version_id) REFERENCES public.catalogue_entryversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_entryversion
    ADD CONSTRAINT catalogue_entryversi_entry_id_f5d58ec8_fk_catalogue FOREIGN KEY (entry_id) REFERENCES public.catalogue_catalogueentry(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_entryversion
    ADD CONSTRAINT catalogue_entryversi_settled_by_id_4e4feebd_fk_people_ag FOREIGN KEY (settled_by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_entryversion
    ADD CONSTRAINT catalogue_entryversion_author_id_a7b8d0a6_fk_people_agent_id FOREIGN KEY (author_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_knowledgegap
    ADD CONSTRAINT catalogue_knowledgeg_nearest_id_105c5ec3_fk_catalogue FOREIGN KEY (nearest_id) REFERENCES public.catalogue_catalogueentry(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_knowledgegap
    ADD CONSTRAINT catalogue_knowledgegap_brand_id_c2653a40_fk_brands_brand_id FOREIGN KEY (brand_id) REFERENCES public.brands_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_phrasing
    ADD CONSTRAINT catalogue_phrasing_entry_id_8eb229fa_fk_catalogue FOREIGN KEY (entry_id) REFERENCES public.catalogue_catalogueentry(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.channels_accounthealth
    ADD CONSTRAINT channels_accountheal_account_id_297af339_fk_channels_ FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.channels_channelaccount_reserved_for
    ADD CONSTRAINT channels_channelacco_channelaccount_id_ffb7ecc7_fk_channels_ FOREIGN KEY (channelaccount_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.channels_channelaccount_reserved_for
    ADD CONSTRAINT channels_channelacco_team_id_50940641_fk_people_te FOREIGN KEY (team_id) REFERENCES public.people_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.channels_channelaccount
    ADD CONSTRAINT channels_channelaccount_brand_id_787c7c7d_fk_brands_brand_id FOREIGN KEY (brand_id) REFERENCES public.brands_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.channels_channelaccount
    ADD CONSTRAINT channels_channelaccount_team_id_25ea947b_fk_people_team_id FOREIGN KEY (team_id) REFERENCES public.people_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.channels_figure
    ADD CONSTRAINT channels_figure_account_id_c866e461_fk_channels_ FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.channels_messagetemplate
    ADD CONSTRAINT channels_messagetemp_account_id_cc10fdd8_fk_channels_ FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.channels_threadholder
    ADD CONSTRAINT channels_threadholde_account_id_7cee2a7c_fk_channels_ FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contacts_contact
    ADD CONSTRAINT contacts_contact_merged_into_id_940ac4a0_fk_contacts_contact_id FOREIGN KEY (merged_into_id) REFERENCES public.contacts_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contacts_contactidentity
    ADD CONSTRAINT contacts_contactiden_contact_id_eb9adef7_fk_contacts_ FOREIGN KEY (contact_id) REFERENCES public.contacts_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contacts_contactmerge
    ADD CONSTRAINT contacts_contactmerge_by_id_0c3fc410_fk_people_agent_id FOREIGN KEY (by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contacts_contactmerge
    ADD CONSTRAINT contacts_contactmerge_gone_id_98b14391_fk_contacts_contact_id FOREIGN KEY (gone_id) REFERENCES public.contacts_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contacts_contactmerge
    ADD CONSTRAINT contacts_contactmerge_kept_id_395194eb_fk_contacts_contact_id FOREIGN KEY (kept_id) REFERENCES public.contacts_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contacts_identityalias
    ADD CONSTRAINT contacts_identityali_identity_id_3d2ac85a_fk_contacts_ FOREIGN KEY (identity_id) REFERENCES public.contacts_contactidentity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contacts_identitylink
    ADD CONSTRAINT contacts_identitylin_one_id_dec76571_fk_contacts_ FOREIGN KEY (one_id) REFERENCES public.contacts_contactidentity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contacts_identitylink
    ADD CONSTRAINT contacts_identitylin_other_id_48642730_fk_contacts_ FOREIGN KEY (other_id) REFERENCES public.contacts_contactidentity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_attachment
    ADD CONSTRAINT conversations_attach_message_id_9179b1e8_fk_conversat FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_consultation
    ADD CONSTRAINT conversations_consul_asked_by_id_a0e1418d_fk_people_ag FOREIGN KEY (asked_by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_consultation
    ADD CONSTRAINT conversations_consul_conversation_id_e05f2147_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_consultation
    ADD CONSTRAINT conversations_consul_expert_id_dca37ea2_fk_people_ag FOREIGN KEY (expert_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_consultation
    ADD CONSTRAINT conversations_consul_note_id_f87181c1_fk_conversat FOREIGN KEY (note_id) REFERENCES public.conversations_note(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_conversation
    ADD CONSTRAINT conversations_conver_account_id_140c2573_fk_channels_ FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_conversation
    ADD CONSTRAINT conversations_conver_assignee_id_e845f644_fk_people_ag FOREIGN KEY (assignee_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_conversation
    ADD CONSTRAINT conversations_conver_contact_id_000135ab_fk_contacts_ FOREIGN KEY (contact_id) REFERENCES public.contacts_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_conversation_tags
    ADD CONSTRAINT conversations_conver_conversation_id_a42dec8f_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_conversation
    ADD CONSTRAINT conversations_conver_identity_id_b4b18dc8_fk_contacts_ FOREIGN KEY (identity_id) REFERENCES public.contacts_contactidentity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_conversation
    ADD CONSTRAINT conversations_conver_merged_into_id_18d56788_fk_conversat FOREIGN KEY (merged_into_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_conversation_tags
    ADD CONSTRAINT conversations_conver_tag_id_e52ab996_fk_conversat FOREIGN KEY (tag_id) REFERENCES public.conversations_tag(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_conversation
    ADD CONSTRAINT conversations_conversation_team_id_c9f144f2_fk_people_team_id FOREIGN KEY (team_id) REFERENCES public.people_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_draft
    ADD CONSTRAINT conversations_draft_agent_id_12d0db82_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_draft
    ADD CONSTRAINT conversations_draft_conversation_id_8be0ce8b_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_draft
    ADD CONSTRAINT conversations_draft_taken_over_by_id_1eb4c66d_fk_people_ag FOREIGN KEY (taken_over_by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_draftfile
    ADD CONSTRAINT conversations_draftf_conversation_id_904c77ac_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_draftfile
    ADD CONSTRAINT conversations_draftf_message_id_dd7993a4_fk_conversat FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_draftfile
    ADD CONSTRAINT conversations_draftfile_agent_id_f0c60d7c_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_following
    ADD CONSTRAINT conversations_follow_conversation_id_df7d2aab_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_following
    ADD CONSTRAINT conversations_following_agent_id_3f527307_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_formertext
    ADD CONSTRAINT conversations_former_message_id_de5a4882_fk_conversat FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_handoff
    ADD CONSTRAINT conversations_handof_answered_by_id_9e72bf3d_fk_people_ag FOREIGN KEY (answered_by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_handoff
    ADD CONSTRAINT conversations_handof_conversation_id_d339bd1d_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_handoff
    ADD CONSTRAINT conversations_handoff_ended_by_id_adc5c33a_fk_people_agent_id FOREIGN KEY (ended_by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_handoff
    ADD CONSTRAINT conversations_handoff_from_team_id_292d620b_fk_people_team_id FOREIGN KEY (from_team_id) REFERENCES public.people_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_handoff
    ADD CONSTRAINT conversations_handoff_given_by_id_9b49fea7_fk_people_agent_id FOREIGN KEY (given_by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_handoff
    ADD CONSTRAINT conversations_handoff_to_team_id_9ec2f508_fk_people_team_id FOREIGN KEY (to_team_id) REFERENCES public.people_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_joinedconversation
    ADD CONSTRAINT conversations_joined_conversation_id_0176ef0f_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_joinedconversation
    ADD CONSTRAINT conversations_joined_joined_by_id_ed842396_fk_people_ag FOREIGN KEY (joined_by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_joinedconversation
    ADD CONSTRAINT conversations_joined_matter_id_0dddeec3_fk_conversat FOREIGN KEY (matter_id) REFERENCES public.conversations_matter(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_matter
    ADD CONSTRAINT conversations_matter_opened_by_id_27130869_fk_people_agent_id FOREIGN KEY (opened_by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_matter
    ADD CONSTRAINT conversations_matter_owner_id_5b913cd3_fk_people_agent_id FOREIGN KEY (owner_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_message
    ADD CONSTRAINT conversations_messag_account_id_0250f8a8_fk_channels_ FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_messagepart
    ADD CONSTRAINT conversations_messag_account_id_bb0bfa82_fk_channels_ FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_message
    ADD CONSTRAINT conversations_messag_conversation_id_f1a2d5e9_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_message
    ADD CONSTRAINT conversations_messag_identity_id_edf8c418_fk_contacts_ FOREIGN KEY (identity_id) REFERENCES public.contacts_contactidentity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_messagepart
    ADD CONSTRAINT conversations_messag_message_id_e5baea84_fk_conversat FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_message
    ADD CONSTRAINT conversations_message_agent_id_c92fbb99_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_note
    ADD CONSTRAINT conversations_note_agent_id_9b0b6dc2_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_note
    ADD CONSTRAINT conversations_note_conversation_id_a486ed4c_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_notemention
    ADD CONSTRAINT conversations_noteme_conversation_id_7cea63de_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_notemention
    ADD CONSTRAINT conversations_noteme_note_id_4fdc0649_fk_conversat FOREIGN KEY (note_id) REFERENCES public.conversations_note(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_notemention
    ADD CONSTRAINT conversations_notemention_agent_id_4213f6c0_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_reaction
    ADD CONSTRAINT conversations_reacti_identity_id_0c7906de_fk_contacts_ FOREIGN KEY (identity_id) REFERENCES public.contacts_contactidentity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_reaction
    ADD CONSTRAINT conversations_reacti_message_id_03834d5a_fk_conversat FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_readmark
    ADD CONSTRAINT conversations_readma_conversation_id_05bbc5e7_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_readmark
    ADD CONSTRAINT conversations_readmark_agent_id_e4cf59c6_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_searchsubject
    ADD CONSTRAINT conversations_search_conversation_id_01fce23c_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_searchperson
    ADD CONSTRAINT conversations_search_identity_id_a9f463c7_fk_contacts_ FOREIGN KEY (identity_id) REFERENCES public.contacts_contactidentity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_searchtext
    ADD CONSTRAINT conversations_search_message_id_8a24225c_fk_conversat FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_searchtext
    ADD CONSTRAINT conversations_search_note_id_c024a2a7_fk_conversat FOREIGN KEY (note_id) REFERENCES public.conversations_note(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_wordedact
    ADD CONSTRAINT conversations_worded_message_id_870cd0eb_fk_conversat FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations_wordedact
    ADD CONSTRAINT conversations_wordedact_agent_id_783733be_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.delivery_attempt
    ADD CONSTRAINT delivery_attempt_message_id_9472c651_fk_conversat FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.delivery_moderation
    ADD CONSTRAINT delivery_moderation_agent_id_d8699782_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.delivery_moderation
    ADD CONSTRAINT delivery_moderation_message_id_418020ce_fk_conversat FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.delivery_sendbudget
    ADD CONSTRAINT delivery_sendbudget_account_id_354aea5a_fk_channels_ FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_bulkact
    ADD CONSTRAINT desk_bulkact_agent_id_6dc150be_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_bulkchange
    ADD CONSTRAINT desk_bulkchange_bulk_act_id_aeef1a4a_fk_desk_bulkact_id FOREIGN KEY (bulk_act_id) REFERENCES public.desk_bulkact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_bulkchange
    ADD CONSTRAINT desk_bulkchange_conversation_id_58b44f0f_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_callback
    ADD CONSTRAINT desk_callback_account_id_50735f54_fk_channels_channelaccount_id FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_callback
    ADD CONSTRAINT desk_callback_asked_by_id_f3da0ecd_fk_people_agent_id FOREIGN KEY (asked_by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_callback
    ADD CONSTRAINT desk_callback_call_id_ca147ee5_fk_conversations_conversation_id FOREIGN KEY (call_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_callback
    ADD CONSTRAINT desk_callback_conversation_id_2f24b4bd_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_callback
    ADD CONSTRAINT desk_callback_ended_by_id_a4336280_fk_people_agent_id FOREIGN KEY (ended_by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_callback
    ADD CONSTRAINT desk_callback_message_id_b92dca1b_fk_conversations_message_id FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_inboxview
    ADD CONSTRAINT desk_inboxview_owner_id_e27def9f_fk_people_agent_id FOREIGN KEY (owner_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_invitation
    ADD CONSTRAINT desk_invitation_by_id_85c35a48_fk_people_agent_id FOREIGN KEY (by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_invitation
    ADD CONSTRAINT desk_invitation_conversation_id_d9f2e63a_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_invitation
    ADD CONSTRAINT desk_invitation_identity_id_fe13f89c_fk_contacts_ FOREIGN KEY (identity_id) REFERENCES public.contacts_contactidentity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_invitation
    ADD CONSTRAINT desk_invitation_joined_id_9a76127d_fk_conversat FOREIGN KEY (joined_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_invitation
    ADD CONSTRAINT desk_invitation_message_id_6351c70c_fk_conversations_message_id FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_contextpost
    ADD CONSTRAINT intake_contextpost_account_id_0f4d01f3_fk_channels_ FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_earlychange
    ADD CONSTRAINT intake_earlychange_account_id_84fadfd9_fk_channels_ FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_historyreading
    ADD CONSTRAINT intake_historyreadin_account_id_896e6ff7_fk_channels_ FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_importrun
    ADD CONSTRAINT intake_importrun_account_id_5509b351_fk_channels_ FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_rawdelivery
    ADD CONSTRAINT intake_rawdelivery_account_id_77458bed_fk_channels_ FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_notice_mailed_to
    ADD CONSTRAINT notifications_notice_agent_id_f7ca12c8_fk_people_ag FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_notice_mailed_to
    ADD CONSTRAINT notifications_notice_notice_id_0c7c0867_fk_notificat FOREIGN KEY (notice_id) REFERENCES public.notifications_notice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_notification
    ADD CONSTRAINT notifications_notifi_conversation_id_7416e010_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_notification
    ADD CONSTRAINT notifications_notification_agent_id_ce930d95_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_pushsubscription
    ADD CONSTRAINT notifications_pushsu_agent_id_e85ec4ac_fk_people_ag FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_webhookdelivery
    ADD CONSTRAINT notifications_webhoo_endpoint_id_92faf2d0_fk_notificat FOREIGN KEY (endpoint_id) REFERENCES public.notifications_webhookendpoint(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_webhookdelivery
    ADD CONSTRAINT notifications_webhoo_event_id_02c237a9_fk_events_ev FOREIGN KEY (event_id) REFERENCES public.events_event(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_webhookendpoint_warnings
    ADD CONSTRAINT notifications_webhoo_policywarning_id_0856a72e_fk_sla_polic FOREIGN KEY (policywarning_id) REFERENCES public.sla_policywarning(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_webhookendpoint_warnings
    ADD CONSTRAINT notifications_webhoo_webhookendpoint_id_1e340360_fk_notificat FOREIGN KEY (webhookendpoint_id) REFERENCES public.notifications_webhookendpoint(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_agent_brands
    ADD CONSTRAINT people_agent_brands_agent_id_b208765e_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_agent_brands
    ADD CONSTRAINT people_agent_brands_brand_id_776c5c59_fk_brands_brand_id FOREIGN KEY (brand_id) REFERENCES public.brands_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_agent_teams
    ADD CONSTRAINT people_agent_teams_agent_id_eee16696_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_agent_teams
    ADD CONSTRAINT people_agent_teams_team_id_aae45dca_fk_people_team_id FOREIGN KEY (team_id) REFERENCES public.people_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_agent
    ADD CONSTRAINT people_agent_user_id_c4daefce_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_agentskill
    ADD CONSTRAINT people_agentskill_agent_id_204b7a33_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_agentskill
    ADD CONSTRAINT people_agentskill_skill_id_419001dc_fk_people_skill_id FOREIGN KEY (skill_id) REFERENCES public.people_skill(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_signinlink
    ADD CONSTRAINT people_signinlink_user_id_56ae9535_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_user_groups
    ADD CONSTRAINT people_user_groups_group_id_1f0237d0_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_user_groups
    ADD CONSTRAINT people_user_groups_user_id_290df956_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_user_user_permissions
    ADD CONSTRAINT people_user_user_per_permission_id_55f01ef0_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_user_user_permissions
    ADD CONSTRAINT people_user_user_permissions_user_id_7d19557b_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);
ALTER TABLE ONLY public.reporting_countedconversation
    ADD CONSTRAINT reporting_countedcon_account_id_cd70a63c_fk_channels_ FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.reporting_countedconversation
    ADD CONSTRAINT reporting_countedcon_conversation_id_4ee349b7_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.reporting_countedconversation
    ADD CONSTRAINT reporting_countedcon_reason_id_5a97b4f0_fk_analysis_ FOREIGN KEY (reason_id) REFERENCES public.analysis_contactreason(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.reporting_countedconversation
    ADD CONSTRAINT reporting_countedcon_replied_by_id_d1023258_fk_people_ag FOREIGN KEY (replied_by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.reporting_countedconversation
    ADD CONSTRAINT reporting_countedcon_reply_team_id_4c9df3d9_fk_people_te FOREIGN KEY (reply_team_id) REFERENCES public.people_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.reporting_countedconversation
    ADD CONSTRAINT reporting_countedcon_resolved_by_id_9d2a67b1_fk_people_ag FOREIGN KEY (resolved_by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.reporting_countedconversation
    ADD CONSTRAINT reporting_countedcon_team_id_69750b85_fk_people_te FOREIGN KEY (team_id) REFERENCES public.people_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.reporting_openspell
    ADD CONSTRAINT reporting_openspell_account_id_1f2dd60d_fk_channels_ FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.reporting_openspell
    ADD CONSTRAINT reporting_openspell_counted_id_0b5283b8_fk_reporting FOREIGN KEY (counted_id) REFERENCES public.reporting_countedconversation(conversation_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.reporting_openspell
    ADD CONSTRAINT reporting_openspell_team_id_cbdfa61f_fk_people_team_id FOREIGN KEY (team_id) REFERENCES public.people_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.routing_agentturn
    ADD CONSTRAINT routing_agentturn_agent_id_cc67ac92_fk_people_agent_id FOREIGN KEY (agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.routing_route
    ADD CONSTRAINT routing_route_conversation_id_e8dbdbb8_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.routing_route
    ADD CONSTRAINT routing_route_last_agent_id_10742272_fk_people_agent_id FOREIGN KEY (last_agent_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.routing_route
    ADD CONSTRAINT routing_route_overflowed_from_id_b02dfc72_fk_people_team_id FOREIGN KEY (overflowed_from_id) REFERENCES public.people_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.routing_route
    ADD CONSTRAINT routing_route_released_by_id_cc499148_fk_people_agent_id FOREIGN KEY (released_by_id) REFERENCES public.people_agent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.routing_route
    ADD CONSTRAINT routing_route_team_id_9552333d_fk_people_team_id FOREIGN KEY (team_id) REFERENCES public.people_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.routing_routingrule
    ADD CONSTRAINT routing_routingrule_revision_id_cc6d4ac7_fk_routing_r FOREIGN KEY (revision_id) REFERENCES public.routing_rulerevision(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.routing_teamrouting
    ADD CONSTRAINT routing_teamrouting_overflow_team_id_0f14d52e_fk_people_team_id FOREIGN KEY (overflow_team_id) REFERENCES public.people_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.routing_teamrouting
    ADD CONSTRAINT routing_teamrouting_team_id_f5ab5a35_fk_people_team_id FOREIGN KEY (team_id) REFERENCES public.people_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sla_clockpause
    ADD CONSTRAINT sla_clockpause_clock_id_734f9918_fk_sla_slaclock_id FOREIGN KEY (clock_id) REFERENCES public.sla_slaclock(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sla_clockwarning
    ADD CONSTRAINT sla_clockwarning_clock_id_9ccc7513_fk_sla_slaclock_id FOREIGN KEY (clock_id) REFERENCES public.sla_slaclock(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sla_clockwarning
    ADD CONSTRAINT sla_clockwarning_warning_id_7933a929_fk_sla_policywarning_id FOREIGN KEY (warning_id) REFERENCES public.sla_policywarning(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sla_exceptionalday
    ADD CONSTRAINT sla_exceptionalday_calendar_id_fce44731_fk_sla_openi FOREIGN KEY (calendar_id) REFERENCES public.sla_openingcalendar(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sla_openingcalendar
    ADD CONSTRAINT sla_openingcalendar_account_id_a7d52d51_fk_channels_ FOREIGN KEY (account_id) REFERENCES public.channels_channelaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sla_openingcalendar
    ADD CONSTRAINT sla_openingcalendar_brand_id_ecb6ac67_fk_brands_brand_id FOREIGN KEY (brand_id) REFERENCES public.brands_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sla_openingcalendar
    ADD CONSTRAINT sla_openingcalendar_team_id_f540fd37_fk_people_team_id FOREIGN KEY (team_id) REFERENCES public.people_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sla_policywarning
    ADD CONSTRAINT sla_policywarning_escalates_to_id_1462d0db_fk_people_team_id FOREIGN KEY (escalates_to_id) REFERENCES public.people_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sla_policywarning
    ADD CONSTRAINT sla_policywarning_policy_id_51a4f519_fk_sla_slapolicy_id FOREIGN KEY (policy_id) REFERENCES public.sla_slapolicy(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sla_slaclock
    ADD CONSTRAINT sla_slaclock_consultation_id_b68abe05_fk_conversat FOREIGN KEY (consultation_id) REFERENCES public.conversations_consultation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sla_slaclock
    ADD CONSTRAINT sla_slaclock_conversation_id_e5ca8299_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sla_slaclock
    ADD CONSTRAINT sla_slaclock_hand_off_id_8973d485_fk_conversations_handoff_id FOREIGN KEY (hand_off_id) REFERENCES public.conversations_handoff(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sla_slaclock
    ADD CONSTRAINT sla_slaclock_matter_id_7a0e44db_fk_conversations_matter_id FOREIGN KEY (matter_id) REFERENCES public.conversations_matter(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sla_slaclock
    ADD CONSTRAINT sla_slaclock_policy_id_97a909f4_fk_sla_slapolicy_id FOREIGN KEY (policy_id) REFERENCES public.sla_slapolicy(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sla_slapolicy
    ADD CONSTRAINT sla_slapolicy_brand_id_12fc2d42_fk_brands_brand_id FOREIGN KEY (brand_id) REFERENCES public.brands_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sla_slapolicy
    ADD CONSTRAINT sla_slapolicy_team_id_d9b63fab_fk_people_team_id FOREIGN KEY (team_id) REFERENCES public.people_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sla_slapolicy
    ADD CONSTRAINT sla_slapolicy_topic_id_1476df0c_fk_analysis_contactreason_id FOREIGN KEY (topic_id) REFERENCES public.analysis_contactreason(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_social_account_id_951f210e_fk_socialacc FOREIGN KEY (account_id) REFERENCES public.socialaccount_socialaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_social_app_id_636a42d7_fk_socialacc FOREIGN KEY (app_id) REFERENCES public.socialaccount_socialapp(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.socialaccount_socialaccount
    ADD CONSTRAINT socialaccount_socialaccount_user_id_8146e70c_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_entryuse
    ADD CONSTRAINT use_in_a_conversation FOREIGN KEY (conversation_id) REFERENCES public.conversations_conversation(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.catalogue_entryuse
    ADD CONSTRAINT use_of_a_message FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_user_id_af5e0a6d_fk_people_user_id FOREIGN KEY (user_id) REFERENCES public.people_user(id) DEFERRABLE INITIALLY DEFERRED;
INSERT INTO public.bot_botswitch VALUES (1, false, NULL, NULL);
INSERT INTO public.sla_slapolicy VALUES (2, 'first_reply', '00:01:00', NULL, true, true, NULL, '{chat}', 2, NULL, NULL, 'opening', '', '', '{}', '{}', '{}', NULL, NULL, '{}');
INSERT INTO public.sla_slapolicy VALUES (3, 'first_reply', '1 day', NULL, true, false, true, '{}', 3, NULL, NULL, 'opening', '', '', '{}', '{}', '{}', NULL, NULL, '{}');
INSERT INTO public.sla_slapolicy VALUES (1, 'first_reply', '1 day', NULL, true, false, NULL, '{}', 4, NULL, NULL, 'opening', '', '', '{}', '{}', '{}', NULL, NULL, '{}');
INSERT INTO public.sla_slapolicy VALUES (4, 'next_reply', '1 day', NULL, true, false, NULL, '{}', 5, NULL, NULL, 'opening', '', '', '{}', '{}', '{}', NULL, NULL, '{}');
INSERT INTO public.sla_slapolicy VALUES (5, 'hand_off', '00:30:00', NULL, true, true, NULL, '{}', 6, NULL, NULL, 'opening', '', '', '{}', '{}', '{}', NULL, NULL, '{}');
INSERT INTO public.sla_slapolicy VALUES (6, 'consultation', NULL, NULL, true, true, NULL, '{}', 7, 7, NULL, 'to_friday', '', '', '{}', '{}', '{}', NULL, NULL, '{}');
INSERT INTO public.sla_slapolicy VALUES (7, 'first_reply', '00:30:00', NULL, true, true, true, '{}', 1, NULL, NULL, 'opening', '', '', '{}', '{}', '{}', NULL, NULL, '{complaint}');
SELECT pg_catalog.setval('public.sla_slapolicy_id_seq', 7, true);
INSERT INTO public.django_migrations (app, name, applied) VALUES
    ('contenttypes', '0001_initial', now()),
    ('contenttypes', '0002_remove_content_type_name', now()),
    ('auth', '0001_initial', now()),
    ('auth', '0002_alter_permission_name_max_length', now()),
    ('auth', '0003_alter_user_email_max_length', now()),
    ('auth', '0004_alter_user_username_opts', now()),
    ('auth', '0005_alter_user_last_login_null', now()),
    ('auth', '0006_require_contenttypes_0002', now()),
    ('auth', '0007_alter_validators_add_error_messages', now()),
    ('auth', '0008_alter_user_username_max_length', now()),
    ('auth', '0009_alter_user_last_name_max_length', now()),
    ('auth', '0010_alter_group_name_max_length', now()),
    ('auth', '0011_update_proxy_permissions', now()),
    ('auth', '0012_alter_user_first_name_max_length', now()),
    ('people', '0001_initial', now()),
    ('account', '0001_initial', now()),
    ('account', '0002_email_max_length', now()),
    ('account', '0003_alter_emailaddress_create_unique_verified_email', now()),
    ('account', '0004_alter_emailaddress_drop_unique_email', now()),
    ('account', '0005_emailaddress_idx_upper_email', now()),
    ('account', '0006_emailaddress_lower', now()),
    ('account', '0007_emailaddress_idx_email', now()),
    ('account', '0008_emailaddress_unique_primary_email_fixup', now()),
    ('account', '0009_emailaddress_unique_primary_email', now()),
    ('people', '0002_agents_screen', now()),
    ('brands', '0001_initial', now()),
    ('people', '0003_limits_hours_invitations', now()),
    ('people', '0004_skills', now()),
    ('channels', '0001_initial', now()),
    ('conversations', '0001_initial', now()),
    ('contacts', '0001_initial', now()),
    ('channels', '0002_initial', now()),
    ('conversations', '0002_initial', now()),
    ('conversations', '0003_inbox_lists', now()),
    ('conversations', '0004_written_once', now()),
    ('conversations', '0005_waiting_of_nobody', now()),
    ('contacts', '0002_agents_screen', now()),
    ('conversations', '0006_agents_screen', now()),
    ('conversations', '0007_draft_files', now()),
    ('conversations', '0008_former_texts', now()),
    ('conversations', '0009_search', now()),
    ('channels', '0003_reserved_accounts', now()),
    ('conversations', '0010_lists_at_hand', now()),
    ('conversations', '0011_fewer_indexes', now()),
    ('contacts', '0003_chat_addresses', now()),
    ('conversations', '0012_reaction_by_network_id', now()),
    ('conversations', '0013_own_lists', now()),
    ('channels', '0004_figures_and_silence', now()),
    ('conversations', '0014_parts_of_replies', now()),
    ('conversations', '0015_calls', now()),
    ('conversations', '0016_search_pairs', now()),
    ('conversations', '0017_likes', now()),
    ('conversations', '0018_choices', now()),
    ('conversations', '0019_worded_acts', now()),
    ('conversations', '0020_unreadable', now()),
    ('conversations', '0021_hand_offs_consultations_matters', now()),
    ('contacts', '0004_identity_aliases', now()),
    ('contacts', '0005_identity_links', now()),
    ('channels', '0005_message_templates', now()),
    ('contacts', '0006_people_in_their_place', now()),
    ('channels', '0006_thread_holders', now()),
    ('conversations', '0022_priority', now()),
    ('conversations', '0023_mailed_consultations', now()),
    ('conversations', '0024_unreached_experts', now()),
    ('conversations', '0025_read_for_the_floor', now()),
    ('conversations', '0026_former_reviews', now()),
    ('conversations', '0027_changed_reviews', now()),
    ('conversations', '0028_calls_of_unknown_end', now()),
    ('brands', '0002_number_forms', now()),
    ('analysis', '0001_initial', now()),
    ('analysis', '0002_tone', now()),
    ('analysis', '0003_writing', now()),
    ('analysis', '0004_names', now()),
    ('analysis', '0005_complaints', now()),
    ('api', '0001_initial', now()),
    ('events', '0001_initial', now()),
    ('events', '0002_record_read_by_people', now()),
    ('automations', '0001_initial', now()),
    ('automations', '0002_automations', now()),
    ('automations', '0003_writers', now()),
    ('automations', '0004_who_wrote_them', now()),
    ('catalogue', '0001_initial', now()),
    ('catalogue', '0002_entries', now()),
    ('catalogue', '0003_tied_to_conversations', now()),
    ('catalogue', '0004_marks', now()),
    ('channels', '0007_thread_holders_asked', now()),
    ('bot', '0001_initial', now()),
    ('bot', '0002_targets', now()),
    ('bot', '0003_learning', now()),
    ('bot', '0004_files', now()),
    ('catalogue', '0005_links', now()),
    ('channels', '0008_clocks_that_differ', now()),
    ('channels', '0009_nothing_leaves', now()),
    ('people', '0005_answering_takes', now()),
    ('conversations', '0029_search_subjects', now()),
    ('conversations', '0030_when_holds_were_told', now()),
    ('conversations', '0031_waived_messages', now()),
    ('conversations', '0032_giving_back', now()),
    ('core', '0001_initial', now()),
    ('core', '0002_remembered', now()),
    ('delivery', '0001_initial', now()),
    ('delivery', '0002_attempt_process', now()),
    ('delivery', '0003_attempt_worker', now()),
    ('delivery', '0004_moderation', now()),
    ('delivery', '0005_acts_on_messages', now()),
    ('desk', '0001_initial', now()),
    ('desk', '0002_invitation_identity', now()),
    ('desk', '0003_bulk_to_do', now()),
    ('desk', '0004_call_backs', now()),
    ('desk', '0005_overdue_call_backs', now()),
    ('intake', '0001_initial', now()),
    ('intake', '0002_context_and_imports', now()),
    ('intake', '0003_history', now()),
    ('mfa', '0001_initial', now()),
    ('mfa', '0002_authenticator_timestamps', now()),
    ('mfa', '0003_authenticator_type_uniq', now()),
    ('sla', '0001_initial', now()),
    ('sla', '0002_default_promise', now()),
    ('sla', '0003_abandoned_clocks', now()),
    ('sla', '0004_promises_on_conversations', now()),
    ('sla', '0005_calendars', now()),
    ('sla', '0006_policies', now()),
    ('sla', '0007_shipped_promises', now()),
    ('sla', '0008_recomputations', now()),
    ('sla', '0009_other_subjects', now()),
    ('sla', '0010_promises_among_ourselves', now()),
    ('sla', '0011_warnings_of_promises', now()),
    ('notifications', '0001_initial', now()),
    ('notifications', '0002_agents_notifications', now()),
    ('notifications', '0003_kinds_of_notices', now()),
    ('notifications', '0004_calls', now()),
    ('notifications', '0005_between_teams', now()),
    ('notifications', '0006_warnings_of_promises', now()),
    ('notifications', '0007_calls_for_help', now()),
    ('notifications', '0008_automations', now()),
    ('notifications', '0009_overdue_calls', now()),
    ('notifications', '0010_notices_by_mail', now()),
    ('notifications', '0011_experts_answers', now()),
    ('notifications', '0012_clocks_that_differ', now()),
    ('notifications', '0013_accounts_held_up', now()),
    ('procrastinate', '0001_initial', now()),
    ('procrastinate', '0002_drop_started_at_column', now()),
    ('procrastinate', '0003_drop_started_at_column', now()),
    ('procrastinate', '0004_drop_procrastinate_version_table', now()),
    ('procrastinate', '0005_fix_procrastinate_fetch_job', now()),
    ('procrastinate', '0006_fix_trigger_status_events_insert', now()),
    ('procrastinate', '0007_add_queueing_lock_column', now()),
    ('procrastinate', '0008_close_fetch_job_race_condition', now()),
    ('procrastinate', '0009_add_defer_job_function', now()),
    ('procrastinate', '0010_add_procrastinate_periodic_defers', now()),
    ('procrastinate', '0011_add_foreign_key_index', now()),
    ('procrastinate', '0012_add_locks_to_periodic_defer', now()),
    ('procrastinate', '0013_fix_procrastinate_defer_periodic_job', now()),
    ('procrastinate', '0014_add_finish_job_and_retry_job_functions', now()),
    ('procrastinate', '0015_add_trigger_on_job_deletion', now()),
    ('procrastinate', '0016_delete_finished_jobs', now()),
    ('procrastinate', '0017_add_checks_to_finish_job', now()),
    ('procrastinate', '0018_add_checks_to_retry_job', now()),
    ('procrastinate', '0019_fix_finish_job_compat_issue', now()),
    ('procrastinate', '0020_add_index_on_procrastinate_jobs', now()),
    ('procrastinate', '0021_add_kwargs_to_defer_periodic_job', now()),
    ('procrastinate', '0022_null_locks_excluded', now()),
    ('procrastinate', '0023_remove_old_finish_job_function', now()),
    ('procrastinate', '0024_job_id_bigint', now()),
    ('procrastinate', '0025_add_models', now()),
    ('procrastinate', '0026_add_job_priority', now()),
    ('procrastinate', '0027_add_periodic_job_priority', now()),
    ('procrastinate', '0028_add_cancel_states', now()),
    ('procrastinate', '0029_add_additional_params_to_retry_job', now()),
    ('procrastinate', '0030_alter_procrastinateevent_options', now()),
    ('procrastinate', '0031_add_indexes_for_fetch_job', now()),
    ('procrastinate', '0032_pre_cancel_notification', now()),
    ('procrastinate', '0033_post_cancel_notification', now()),
    ('procrastinate', '0034_pre_add_heartbeat', now()),
    ('procrastinate', '0035_post_add_heartbeat', now()),
    ('procrastinate', '0036_add_worker_model', now()),
    ('procrastinate', '0037_pre_batch_defer_jobs', now()),
    ('procrastinate', '0038_post_batch_defer_jobs', now()),
    ('procrastinate', '0039_pre_priority_lock_fetch_job', now()),
    ('procrastinate', '0040_pre_retry_failed_job', now()),
    ('procrastinate', '0041_post_retry_failed_job', now()),
    ('reporting', '0001_counted', now()),
    ('routing', '0001_initial', now()),
    ('routing', '0002_routes_with_a_strategy', now()),
    ('routing', '0003_priority_of_conversations', now()),
    ('sessions', '0001_initial', now()),
    ('sla', '0012_conditions_of_promises', now()),
    ('sla', '0013_intents_of_promises', now()),
    ('sla', '0014_public_complaints', now()),
    ('sla', '0015_waived_clocks', now()),
    ('sla', '0016_waived_messages', now()),
    ('socialaccount', '0001_initial', now()),
    ('socialaccount', '0002_token_max_lengths', now()),
    ('socialaccount', '0003_extra_data_default_dict', now()),
    ('socialaccount', '0004_app_provider_id_settings', now()),
    ('socialaccount', '0005_socialtoken_nullable_app', now()),
    ('socialaccount', '0006_alter_socialaccount_extra_data', now()),
    ('usersessions', '0001_initial', now());
