CREATE TABLE "version_people" (
	"version_id" text NOT NULL,
	"user_id" text NOT NULL,
	CONSTRAINT "version_people_version_id_user_id_pk" PRIMARY KEY("version_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "versions" (
	"id" text PRIMARY KEY NOT NULL,
	"map_id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text,
	"reason" text,
	"user_id" text,
	"restored_id" text,
	"seq" bigint NOT NULL,
	"clv" double precision,
	"bytes" "bytea" NOT NULL,
	"sha256" text NOT NULL,
	"state_vector" "bytea" NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "version_people" ADD CONSTRAINT "version_people_version_id_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."versions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "versions" ADD CONSTRAINT "versions_map_id_maps_id_fk" FOREIGN KEY ("map_id") REFERENCES "public"."maps"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "versions_map" ON "versions" USING btree ("map_id","at","id");