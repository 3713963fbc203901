import { Fragment, type ReactNode } from 'react';
import { endpointText } from '../../../shared/format/endpoint.ts';
import { safeText } from '../../../shared/format/safe-text.ts';
import type { Endpoint, EndpointName, Ladder, Side } from '../../../shared/model/stream.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { statesAt } from './play-steps.ts';
import { StateChip } from './state-chip.tsx';

/** The heads of the lifelines: who is who, and how that is known. While playing also the state that each side is in. */
export function Sides({ ladder }: { readonly ladder: Ladder }): ReactNode {
  const t = useTranslate();
  const item = useApp((s) => s.play?.item ?? null);
  const evidence = t(`handshake.evidence.${ladder.roleEvidence}`);
  const states = item === null ? null : statesAt(ladder, item);
  return (
    <div className="sides">
      <SideHead side="client" endpoint={ladder.client} name={ladder.names.client}>
        {states !== null && <StateChip state={states.client.state} proved={states.client.proved} />}
      </SideHead>
      <span className="evidence" title={evidence}>
        {evidence}
      </span>
      <SideHead side="server" endpoint={ladder.server} name={ladder.names.server}>
        {states !== null && <StateChip state={states.server.state} proved={states.server.proved} />}
      </SideHead>
    </div>
  );
}

interface Props {
  readonly side: Side;
  readonly endpoint: Endpoint;
  readonly name: EndpointName | null;
  readonly children: ReactNode;
}

function SideHead({ side, endpoint, name, children }: Props): ReactNode {
  const t = useTranslate();
  const goToRow = useApp((s) => s.goToRow);
  const address = safeText(endpointText(endpoint));
  const source =
    name === null ? '' : t(`handshake.name.${name.source}`, { name: safeText(name.name), frame: name.row + 1 });
  return (
    <div className={`side side-${side}`}>
      <span className="side-role">
        <strong>{t(`handshake.${side}`)}</strong>
        {name !== null && (
          <button
            type="button"
            className="side-name"
            title={source}
            aria-label={source}
            onClick={() => goToRow(name.row)}
          >
            {safeText(name.name)}
          </button>
        )}
      </span>
      <span className="mono side-address" title={address}>
        {address.split(':').map((part, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one address never change places
          <Fragment key={i}>
            {i > 0 && (
              <>
                :<wbr />
              </>
            )}
            {part}
          </Fragment>
        ))}
      </span>
      {children !== false && children !== null && <span className="side-state">{children}</span>}
    </div>
  );
}
